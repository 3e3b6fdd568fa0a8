import { expect, it } from 'vitest'
import type { StepReport } from './report.ts'
import { type DemoListener, runSteps, type StepStage } from './run.ts'
import type { DemoContext, DemoStep } from './step.ts'

const passes = { checks: [{ text: 'it holds', ok: true, actual: 'yes' }] }
const fails = { checks: [{ text: 'it holds', ok: false, actual: 'no' }] }

function step(id: string, run: DemoStep['run'], needs: string[] = [], budgetMs = 5_000): DemoStep {
  return { id, title: id, sentence: '', needs, budgetMs: () => budgetMs, run }
}

/** Contexts that can only be waited in. */
function stageWith(signal = new AbortController().signal): StepStage {
  return {
    bounds: { max: 5, firstWorkerMs: 1, peakMs: 1, zeroMs: 1, tolerance: 1 },
    now: () => 0,
    signal,
    open(ends) {
      const until: DemoContext['until'] = (probe) => {
        const found = probe()
        if ('done' in found) return Promise.resolve(found.done)
        return new Promise((_, reject) => ends.addEventListener('abort', () => reject(new Error('ended'))))
      }
      return { context: { signal: ends, until } as unknown as DemoContext, close: () => undefined }
    },
  }
}

function listener(more: Partial<DemoListener> = {}): DemoListener & { told: string[] } {
  const told: string[] = []
  return {
    told,
    before: async () => undefined,
    said: () => undefined,
    waiting: (what) => told.push(what),
    ended: ({ id, status }) => told.push(`${id} ${status}`),
    ...more,
  }
}

const statuses = (reports: StepReport[]) => reports.map(({ id, status }) => `${id} ${status}`)

it('goes on after a failure, and skips what builds on it', async () => {
  const steps = [
    step('a', async () => fails),
    step('b', async () => passes, ['a']),
    step('c', async () => passes, ['b']),
    step('d', async () => passes),
  ]
  const reports = await runSteps(steps, stageWith(), listener())
  expect(statuses(reports)).toEqual(['a failed', 'b skipped', 'c skipped', 'd passed'])
  expect(reports[1]?.reason).toContain('"a"')
})

it('undoes what a failed step did, last first, with a context that has time', async () => {
  const undone: string[] = []
  const breaking = step('a', async (context) => {
    context.undo('one', async () => undone.push('one'))
    context.undo('two', async ({ signal }) => undone.push(`two ${signal.aborted}`))
    context.undo('three', () => Promise.reject(new Error('gone')))
    return fails
  })
  const [report] = await runSteps([breaking], stageWith(), listener())
  expect(undone).toEqual(['two false', 'one'])
  expect(report?.undone).toEqual(['could not be undone: three: gone', 'two', 'one'])
})

it('tells what undoing waited for when it is not through in time', async () => {
  const breaking = step('a', async (context) => {
    context.undo('one', ({ until }) => until(() => ({ waiting: 'core-api to be back' })))
    return fails
  })
  const stage = { ...stageWith(), undoMs: 1000 }
  const [report] = await runSteps([breaking], stage, listener())
  expect(report?.undone).toEqual([
    'could not be undone: one: not through after 1 s: last waited for core-api to be back',
  ])
})

it('undoes nothing of a step that passed', async () => {
  const good = step('a', async (context) => {
    context.undo('one', () => Promise.reject(new Error('must not run')))
    return passes
  })
  expect((await runSteps([good], stageWith(), listener()))[0]).not.toHaveProperty('undone')
})

it('a step past its budget says what it waited for', async () => {
  const slow = step('a', (context) => context.until<never>(() => ({ waiting: 'the broker' })), [], 20)
  const hearing = listener()
  const [report] = await runSteps([slow], stageWith(), hearing)
  expect(report).toMatchObject({
    status: 'failed',
    reason: 'not through after 0 s: last waited for the broker',
  })
  expect(hearing.told).toEqual(['the broker', 'a failed'])
})

it('a thrown error is the reason', async () => {
  const [report] = await runSteps(
    [step('a', () => Promise.reject(new Error('no pod')))],
    stageWith(),
    listener(),
  )
  expect(report).toMatchObject({ status: 'failed', reason: 'no pod', checks: [] })
})

it('an interruption undoes the step under way and skips the rest', async () => {
  const stop = new AbortController()
  const undone: string[] = []
  const interrupted = step('a', (context) => {
    context.undo('one', async () => undone.push('one'))
    queueMicrotask(() => stop.abort())
    return context.until<never>(() => ({ waiting: 'x' }))
  })
  const reports = await runSteps(
    [interrupted, step('b', async () => passes)],
    stageWith(stop.signal),
    listener(),
  )
  expect(statuses(reports)).toEqual(['a failed', 'b skipped'])
  expect(undone).toEqual(['one'])
})
