/** A step of the bring-up, and what a run of steps leaves behind: its timing record. */
import type { ObjectRef } from '../lib/errors.ts'

export interface Step<Context> {
  id: string
  title: string
  /** Steps that must have ended before this one starts. */
  needs: string[]
  /** How long the step may take, in ms; past it the run fails with DEADLINE and the last thing it waited for. */
  budgetMs: number
  run(context: Context, progress: StepProgress): Promise<void>
}

export interface StepProgress {
  /** What the step waits for right now, for the person who watches; past the budget `about` is looked at closer. */
  waiting(what: string, about?: ObjectRef): void
  /** Aborted when the budget is spent, another step failed, or the user interrupts. */
  signal: AbortSignal
}

export interface StepTiming {
  id: string
  title: string
  /** Milliseconds since the run began. */
  startMs: number
  endMs: number
  needs: string[]
  /** The last thing it waited for. */
  waitedFor?: string
  outcome: 'done' | 'failed' | 'cancelled'
}

export interface Timings {
  startedAt: string
  durationMs: number
  steps: StepTiming[]
  /** Ids of the steps that decided how long the run took, first to last. */
  criticalPath: string[]
}

/** What a renderer is told while steps run. */
export interface StepListener {
  started(step: { id: string; title: string }): void
  waiting(step: { id: string; title: string }, what: string): void
  ended(step: { id: string; title: string }, timing: StepTiming, error?: Error): void
}
