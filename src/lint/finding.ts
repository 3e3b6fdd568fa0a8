/** What `lint` reports: a rule that an object breaks, why that hurts, and how to mend it. */
import type { Linted, LintInput } from './input.ts'

/** `error`: two controllers will fight, or one will refuse. `warning`: it works, but not as people expect. */
export type Level = 'error' | 'warning'

export interface Finding {
  rule: string
  level: Level
  /** `Deployment team1-project-question-worker`. */
  object: string
  /** Template or file that it came from; `cluster` for objects that only the cluster has. */
  source: string
  why: string
  mend: string
}

export interface Rule {
  id: string
  /** One line for the list of rules. */
  about: string
  check(input: LintInput): Finding[]
}

/** A rule from its check, which leaves the rule's name to us. */
export function rule(id: string, about: string, check: (input: LintInput) => Omit<Finding, 'rule'>[]): Rule {
  return { id, about, check: (input) => check(input).map((finding) => ({ rule: id, ...finding })) }
}

export function found(
  level: Level,
  { source, object }: Linted,
  why: string,
  mend: string,
): Omit<Finding, 'rule'> {
  return { level, object: `${object.kind} ${object.metadata.name}`, source, why, mend }
}
