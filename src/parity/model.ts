/** What a comparison of two kinds of cluster found: `devenv parity --json`. */

/** How one behaviour went on one kind of cluster. */
export interface Outcome {
  status: 'passed' | 'failed' | 'skipped'
  /** Milliseconds that it took. */
  ms?: number
  /** Why it failed or was skipped. */
  detail?: string
}

/** A behaviour, as a contract case or a step of the demo names it. */
export interface Behaviour {
  name: string
  group: 'story' | 'case'
}

/** A figure that both kinds have: how long a scale-out takes, how much was lost. */
export interface Figure {
  title: string
  value: number
  unit: 'ms' | 'percent' | 'messages'
}

/** What was seen on one kind. */
export interface KindResult {
  kind: string
  kubernetes: string
  outcomes: { behaviour: Behaviour; outcome: Outcome }[]
  figures: Figure[]
}

/**
 * `same`: passes on every kind. `differs`: passes on one kind, fails on another. `known`: differs, and
 * DIFFERENCES.md says so. `failed`: passes nowhere. `unseen`: did not run on every kind, and
 * passes where it ran.
 */
export type Verdict = 'same' | 'differs' | 'known' | 'failed' | 'unseen'

export interface Row extends Behaviour {
  verdict: Verdict
  outcomes: Record<string, Outcome>
  /** The line of DIFFERENCES.md. */
  known?: string
}

export interface ParityReport {
  apiVersion: 'devenv/v1'
  kind: 'Parity'
  verdict: 'passed' | 'failed'
  kinds: { kind: string; kubernetes: string }[]
  /** Kinds that could not be looked at, and why. */
  absent: { kind: string; reason: string }[]
  rows: Row[]
  figures: { title: string; unit: Figure['unit']; values: Record<string, number> }[]
  counts: Record<Verdict, number>
  durationMs: number
}
