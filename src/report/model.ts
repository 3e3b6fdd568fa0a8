/** A report as it is shown, whatever it is of: a demo or a load. */
import type { Measure, StepReport } from '../demo/report.ts'
import type { Timeline } from '../load/timeline.ts'

export interface Report {
  /** `Demo`, `Load: burst`. */
  title: string
  /** The environment's name, where it is known. */
  name: string
  startedAt: string
  durationMs: number
  verdict: 'passed' | 'failed' | 'interrupted'
  /** A line under the title. */
  subtitle: string
  steps: readonly StepReport[]
  measures: readonly Measure[]
  /** Tables of names and values: versions, machine. */
  facts: readonly Facts[]
  timeline: Timeline
}

export interface Facts {
  title: string
  rows: readonly (readonly [string, string])[]
}
