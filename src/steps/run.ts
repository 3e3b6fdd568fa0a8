/** Runs steps side by side, each as soon as what it needs has ended; one failure stops the run. */
import type { Clock } from '../lib/clock.ts'
import { DevenvError, type ObjectRef, toDevenvError } from '../lib/errors.ts'
import { criticalPath } from './critical-path.ts'
import type { Step, StepListener, StepTiming, Timings } from './step.ts'

export interface RunOptions {
  clock: Clock
  signal: AbortSignal
  listener: StepListener
}

export interface RunResult {
  timings: Timings
  /** The first failure; later ones are consequences. */
  error: DevenvError | undefined
}

/** Never throws: the timings of a failed run are worth keeping, so the error is part of the result. */
export async function runSteps<Context>(
  steps: Step<Context>[],
  context: Context,
  options: RunOptions,
): Promise<RunResult> {
  const { clock, listener } = options
  const began = clock.now()
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const running = new Map<string, Promise<boolean>>()
  const timings: StepTiming[] = []
  let error: DevenvError | undefined

  const start = async (step: Step<Context>): Promise<boolean> => {
    const needed = await Promise.all(step.needs.map((id) => launch(id)))
    if (needed.includes(false) || signal.aborted) return false
    const timing: StepTiming = {
      id: step.id,
      title: step.title,
      startMs: clock.now() - began,
      endMs: 0,
      needs: step.needs,
      outcome: 'done',
    }
    listener.started(step)
    try {
      await runWithin(step, context, timing, signal, options)
    } catch (thrown) {
      timing.outcome = signal.aborted ? 'cancelled' : 'failed'
      if (timing.outcome === 'failed') error = asStepError(step, thrown)
      stop.abort()
    }
    timing.endMs = clock.now() - began
    timings.push(timing)
    listener.ended(step, timing, timing.outcome === 'failed' ? error : undefined)
    return timing.outcome === 'done'
  }

  const launch = (id: string): Promise<boolean> => {
    const known = running.get(id)
    if (known) return known
    const step = steps.find((candidate) => candidate.id === id)
    if (!step) throw new DevenvError('BUG', `a step needs "${id}", which no step provides`)
    const promise = start(step)
    running.set(id, promise)
    return promise
  }

  await Promise.all(steps.map((step) => launch(step.id)))
  const interrupted = options.signal.aborted
    ? new DevenvError('INTERRUPTED', 'interrupted', {
        fix: 'npm run up resumes, npm run down removes what was started',
      })
    : undefined
  return {
    error: error ?? interrupted,
    timings: {
      startedAt: new Date(began).toISOString(),
      durationMs: clock.now() - began,
      steps: timings,
      criticalPath: criticalPath(timings),
    },
  }
}

async function runWithin<Context>(
  step: Step<Context>,
  context: Context,
  timing: StepTiming,
  signal: AbortSignal,
  { clock, listener }: RunOptions,
) {
  const deadline = new AbortController()
  const timer = clock.after(step.budgetMs, () => deadline.abort())
  const aborted = AbortSignal.any([signal, deadline.signal])
  let last: ObjectRef | undefined
  const waiting = (what: string, about?: ObjectRef) => {
    timing.waitedFor = what
    last = about
    listener.waiting(step, what)
  }
  try {
    await Promise.race([step.run(context, { waiting, signal: aborted }), rejectOnAbort(aborted)])
  } catch (thrown) {
    if (deadline.signal.aborted && !signal.aborted) {
      const seconds = Math.round(step.budgetMs / 1000)
      throw new DevenvError(
        'DEADLINE',
        `${step.title}: not done within ${seconds} s${timing.waitedFor ? `; waited for ${timing.waitedFor}` : ''}`,
        { cause: thrown, ...(last ? { about: last } : {}) },
      )
    }
    throw thrown
  } finally {
    timer.cancel()
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Error('aborted'))
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
  })
}

function asStepError(step: { title: string }, thrown: unknown): DevenvError {
  const error = toDevenvError(thrown)
  // An unexpected throw inside a step keeps being our bug, but the reader learns in which step.
  return error.code === 'BUG'
    ? new DevenvError('STEP_FAILED', `${step.title}: ${error.message}`, { cause: thrown })
    : error
}
