/** The work queue: one at a time per key, delays, backoff. */
import { expect, it } from 'vitest'
import { FakeClock } from '../../../lib/clock.ts'
import { WorkQueue } from './queue.ts'

function start(work: (key: string) => Promise<{ requeueAfterMs?: number } | undefined>) {
  const clock = new FakeClock()
  const retries: number[] = []
  const queue = new WorkQueue({
    clock,
    concurrency: 2,
    backoff: { baseMs: 5, maxMs: 40 },
    work,
    failed: (_key, _thrown, retryInMs) => void retries.push(retryInMs),
  })
  return { clock, queue, retries }
}

it('works once on a key that is added many times, and once more when it is added meanwhile', async () => {
  const seen: string[] = []
  let finish = () => {}
  const { clock, queue } = start(async (key) => {
    seen.push(key)
    if (seen.length === 1) await new Promise<void>((resolve) => (finish = resolve))
    return undefined
  })
  queue.add('a')
  queue.add('a')
  await clock.advance(0)
  queue.add('a')
  queue.add('a')
  await clock.advance(0)
  expect(seen).toEqual(['a'])
  finish()
  await clock.advance(0)
  expect(seen).toEqual(['a', 'a'])
  expect(queue.idle).toBe(true)
})

it('backs off exponentially up to the limit, and forgets after a success', async () => {
  let failing = true
  const { clock, queue, retries } = start(async () => {
    if (failing) throw new Error('no')
    return undefined
  })
  queue.add('a')
  await clock.advance(100)
  expect(retries).toEqual([5, 10, 20, 40, 40])
  failing = false
  await clock.advance(40)
  failing = true
  queue.add('a')
  await clock.advance(0)
  expect(retries.at(-1)).toBe(5)
})

it('of two delays the shorter counts, and a result can ask for another look', async () => {
  const times: number[] = []
  const { clock, queue } = start(async () => {
    times.push(clock.now() - begin)
    return times.length === 1 ? { requeueAfterMs: 300 } : undefined
  })
  const begin = clock.now()
  queue.add('a', 500)
  queue.add('a', 200)
  queue.add('a', 400)
  await clock.advance(2000)
  expect(times).toEqual([200, 500])
})

it('does nothing after it is stopped', async () => {
  let worked = 0
  const { clock, queue } = start(async () => {
    worked++
    return undefined
  })
  queue.add('a', 100)
  queue.add('b')
  queue.stop()
  queue.add('c')
  await clock.advance(1000)
  expect(worked).toBe(0)
})
