/** Runs the rules over manifests: finds fights between controllers before they run. */
import { DevenvError } from '../lib/errors.ts'
import type { Finding } from './finding.ts'
import type { LintInput } from './input.ts'
import { RULES } from './rules/index.ts'

/** What `lint --json` prints. */
export interface LintReport {
  apiVersion: 'devenv/v1'
  kind: 'Lint'
  errors: number
  warnings: number
  /** How many objects were looked at. */
  objects: number
  findings: Finding[]
}

/** Errors first. `ignored` are rule ids; an unknown one is USAGE. */
export function lint(input: LintInput, ignored: string[] = []): LintReport {
  const known = RULES.map(({ id }) => id)
  const unknown = ignored.filter((id) => !known.includes(id))
  if (unknown.length > 0) {
    throw new DevenvError('USAGE', `there is no rule ${unknown.join(', ')}`, {
      fix: `There are: ${known.join(', ')}.`,
    })
  }
  const all = RULES.filter(({ id }) => !ignored.includes(id)).flatMap((rule) => rule.check(input))
  const errors = all.filter(({ level }) => level === 'error')
  const warnings = all.filter(({ level }) => level === 'warning')
  return {
    apiVersion: 'devenv/v1',
    kind: 'Lint',
    errors: errors.length,
    warnings: warnings.length,
    objects: input.objects.length,
    findings: [...errors, ...warnings],
  }
}
