/** Tells the story step by step: runs, judges, undoes what a failed step did, goes on. */
import { DevenvError, messageOf } from '../lib/errors.ts'
import type { Bounds } from './bounds.ts'
import type { Evidence, StepReport } from './report.ts'
import type { DemoContext, DemoStep } from './step.ts'

/** Told as the demo goes on. */
export interface DemoListener {
  /** Before a step; what it answers is waited for: a presenter's key. */
  before(step: DemoStep, place: number, of: number): Promise<void>
  said(text: string): void
  waiting(what: string): void
  ended(report: StepReport): void
}

/** What the runner needs to make a context for each step. */
export interface StepStage {
  /** Ends with the step: its waits, and the loads that nobody else needs. */
  open(signal: AbortSignal): { context: DemoContext; close(): void }
  bounds: Bounds
  now(): number
  signal: AbortSignal
  /** How long undoing gets, each, before the tolerance: three minutes. */
  undoMs?: number
}

const UNDO_MS = 180_000

type Undo = { what: string; action: (context: DemoContext) => Promise<unknown> }

/** Runs the steps in order. Never throws for a step; an interruption skips what is left. */
export async function runSteps(
  steps: readonly DemoStep[],
  stage: StepStage,
  listener: DemoListener,
): Promise<StepReport[]> {
  const reports: StepReport[] = []
  for (const [place, step] of steps.entries()) {
    const report = await judge(step, place, steps.length, reports, stage, listener)
    reports.push(report)
    listener.ended(report)
  }
  return reports
}

async function judge(
  step: DemoStep,
  place: number,
  of: number,
  earlier: readonly StepReport[],
  stage: StepStage,
  listener: DemoListener,
): Promise<StepReport> {
  const { id, title, sentence } = step
  const about = { id, title, sentence }
  const skipped = (reason: string): StepReport => ({ ...about, status: 'skipped', reason, checks: [] })
  if (stage.signal.aborted) return skipped('interrupted')
  const lacking = step.needs.find((need) => earlier.find((one) => one.id === need)?.status !== 'passed')
  if (lacking) return skipped(`it builds on "${lacking}", which did not pass`)
  try {
    await listener.before(step, place, of)
  } catch (thrown) {
    if (!stage.signal.aborted) throw thrown
    return skipped('interrupted')
  }
  const startMs = stage.now()
  const { evidence, error, undone } = await attempt(step, stage, listener)
  const failed = error !== undefined || evidence.checks.some(({ ok }) => !ok)
  return {
    ...about,
    status: failed ? 'failed' : 'passed',
    startMs: Math.round(startMs),
    endMs: Math.round(stage.now()),
    ...evidence,
    ...(error ? { reason: error.message, ...(error.fix ? { fix: error.fix } : {}) } : {}),
    ...(undone.length > 0 ? { undone } : {}),
  }
}

async function attempt(
  step: DemoStep,
  stage: StepStage,
  listener: DemoListener,
): Promise<{ evidence: Evidence; error?: DevenvError; undone: string[] }> {
  const budgetMs = step.budgetMs(stage.bounds)
  const late = AbortSignal.timeout(budgetMs)
  const { context, close } = stage.open(AbortSignal.any([stage.signal, late]))
  const undos: Undo[] = []
  const { until, last } = telling(context, listener)
  const watched: DemoContext = {
    ...context,
    until,
    undo: (what, action) => undos.push({ what, action }),
  }
  let evidence: Evidence = { checks: [] }
  let error: DevenvError | undefined
  try {
    evidence = await step.run(watched)
  } catch (thrown) {
    error = late.aborted && !stage.signal.aborted ? tooLate(budgetMs, last(), thrown) : known(thrown)
  }
  close()
  const failed = error !== undefined || evidence.checks.some(({ ok }) => !ok)
  const undone = failed ? await undoAll(undos, stage, listener) : []
  return { evidence, ...(error ? { error } : {}), undone }
}

/** The context's wait, which tells what it waits for and remembers it. */
function telling(
  context: DemoContext,
  listener: DemoListener,
): { until: DemoContext['until']; last: () => string } {
  let last = ''
  return {
    last: () => last,
    until: (probe) =>
      context.until(() => {
        const found = probe()
        if ('waiting' in found && found.waiting !== last) {
          last = found.waiting
          listener.waiting(last)
        }
        return found
      }),
  }
}

function tooLate(budgetMs: number, last: string, cause: unknown): DevenvError {
  const waited = last === '' ? messageOf(cause) : `last waited for ${last}`
  return new DevenvError('DEADLINE', `not through after ${Math.round(budgetMs / 1000)} s: ${waited}`, {
    cause,
    fix: 'npm run status and npm run why say why; --tolerance 3 allows a busy machine more time.',
  })
}

/** A step's own error says what happened; that it is one of ours would be no help in a report. */
function known(thrown: unknown): DevenvError {
  if (thrown instanceof DevenvError) return thrown
  return new DevenvError('STEP_FAILED', messageOf(thrown), { cause: thrown })
}

/** Also after an interruption: the environment must not be left broken. */
async function undoAll(undos: Undo[], stage: StepStage, listener: DemoListener): Promise<string[]> {
  const told: string[] = []
  const budgetMs = (stage.undoMs ?? UNDO_MS) * Math.max(1, stage.bounds.tolerance)
  for (const { what, action } of undos.reverse()) {
    const late = AbortSignal.timeout(budgetMs)
    const { context, close } = stage.open(late)
    const { until, last } = telling(context, listener)
    try {
      await action({ ...context, until })
      told.push(what)
    } catch (thrown) {
      const why = late.aborted ? tooLate(budgetMs, last(), thrown) : thrown
      told.push(`could not be undone: ${what}: ${messageOf(why)}`)
    } finally {
      close()
    }
  }
  return told
}
