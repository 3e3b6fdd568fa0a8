import { expect, test } from 'vitest'
import { TimeAtWorkers } from './time-at-workers.ts'

/** A queue of 100 messages at once, `workers` of which are done every `taskMs`; looked at once a second. */
function burst(workers: number, taskMs: number) {
  const messages = 100
  const times = new TimeAtWorkers()
  const rounds = messages / workers
  let latency = 0
  for (let message = 0; message < messages; message++) latency += (Math.floor(message / workers) + 1) * taskMs
  for (let atMs = 0; atMs < rounds * taskMs + 2_000; atMs += 1_000)
    times.look(atMs, atMs < rounds * taskMs ? workers : 0)
  return times.report(messages, latency / messages)
}

test.each([
  [5, 500],
  [2, 700],
  [1, 1_300],
])('%d workers that take %d ms each', (workers, taskMs) => {
  const { waiting, atWorker } = burst(workers, taskMs)!
  expect(Math.abs(atWorker - taskMs) / taskMs).toBeLessThan(0.1)
  const rounds = 100 / workers
  expect(Math.abs(waiting - ((rounds - 1) / 2) * taskMs) / waiting).toBeLessThan(0.05)
})

test('says nothing from too little', () => {
  const times = new TimeAtWorkers()
  times.look(1_000, 1)
  expect(times.report(100, 500)).toBeNull()
  expect(new TimeAtWorkers().report(1_000, 500)).toBeNull()
})

test('is never longer than the latency', () => {
  const times = new TimeAtWorkers()
  // Somebody else's messages are at the workers, too.
  for (let atMs = 0; atMs <= 10_000; atMs += 1_000) times.look(atMs, 50)
  expect(times.report(20, 800)).toEqual({ waiting: 0, atWorker: 800 })
})
