/** What a demo leaves behind: `devenv demo --json`, and report.json of its report. */

/** One thing that had to be true, and what was seen. */
export interface Check {
  /** What must hold, with its bound: `first worker ready within 11 s`. */
  text: string
  ok: boolean
  /** What was seen: `2.1 s`. */
  actual: string
}

/** A figure that two runs can be compared by. */
export interface Measure {
  id: string
  title: string
  value: number
  unit: 'ms' | 'percent' | 'messages'
  /** Which way is better. */
  better: 'lower' | 'higher'
  /** It has no noise: any change is a change. Losses and errors are such. */
  exact?: boolean
  /** Among the few that stand at the top of the report. */
  headline?: boolean
}

/** What a step brings back. */
export interface Evidence {
  checks: Check[]
  measures?: Measure[]
}

export type StepStatus = 'passed' | 'failed' | 'skipped'

export interface StepReport extends Evidence {
  id: string
  title: string
  sentence: string
  status: StepStatus
  /** Milliseconds from `startedAt`; absent for skipped ones. */
  startMs?: number
  endMs?: number
  /** Why it failed without a check, or was skipped. */
  reason?: string
  fix?: string
  /** What was undone after a failure, or could not be. */
  undone?: string[]
}

export interface Machine {
  os: string
  cpu: string
  cores: number
  memoryGiB: number
  node: string
  /** One-minute load average when the demo began. */
  loadAverage: number
}

export interface DemoReport {
  apiVersion: 'devenv/v1'
  kind: 'DemoReport'
  /** The environment's name. */
  name: string
  /** RFC 3339 with milliseconds. */
  startedAt: string
  durationMs: number
  verdict: 'passed' | 'failed' | 'interrupted'
  profile: string
  cluster: { kind: string; kubernetes: string; reason: string }
  components: { name: string; version: string; implementation: string }[]
  /** Commit of the stack that Argo CD had synced when the demo began. */
  revision: string
  machine: Machine
  /** Factor on every bound of time. */
  tolerance: number
  steps: StepReport[]
}

/** All measures of a report, in the order of its steps. */
export function measuresOf({ steps }: DemoReport): Measure[] {
  return steps.flatMap(({ measures = [] }) => measures)
}
