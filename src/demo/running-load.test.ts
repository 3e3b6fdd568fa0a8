import { expect, it } from 'vitest'
import type { LoadOutcome, LoadView } from '../load/run.ts'
import { type LoadSignals, runningLoad } from './running-load.ts'

const view = (atMs: number) => ({ atMs, queues: [], note: '' }) as unknown as LoadView
const forever = new AbortController().signal

function start() {
  const { promise, resolve } = Promise.withResolvers<LoadOutcome>()
  let signals!: LoadSignals
  const running = runningLoad((given) => {
    signals = given
    return promise
  })
  return { running, signals, end: (outcome = {}) => resolve(outcome as LoadOutcome) }
}

it('waits for a view that fits, also one that has been seen', async () => {
  const { running, signals } = start()
  const waiting = running.until('3 s', ({ atMs }) => atMs >= 3, forever)
  for (const atMs of [1, 2, 3]) signals.onTick(view(atMs))
  expect((await waiting).atMs).toBe(3)
  expect((await running.until('2 s', ({ atMs }) => atMs >= 2, forever)).atMs).toBe(3)
})

it('a load that ends before says so', async () => {
  const { running, end } = start()
  const waiting = running.until('a worker came', () => false, forever)
  end({ failure: new Error('no broker') })
  await expect(waiting).rejects.toThrow('the load ended before a worker came: no broker')
})

it('finish ends its messages, cancel ends it', async () => {
  const { running, signals, end } = start()
  const finished = running.finish()
  expect([signals.enough.aborted, signals.signal.aborted]).toEqual([true, false])
  end()
  await finished
  running.cancel()
  expect(signals.signal.aborted).toBe(true)
})

it('a wait ends with its signal', async () => {
  const { running } = start()
  const stop = new AbortController()
  const waiting = running.until('x', () => false, stop.signal)
  stop.abort(new Error('time is up'))
  await expect(waiting).rejects.toThrow('time is up')
})
