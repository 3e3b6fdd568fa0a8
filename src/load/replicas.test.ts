import { expect, test } from 'vitest'
import { ReplicaTracker } from './replicas.ts'

const at = (desired: number, ready = desired, current = desired) => ({ desired, ready, current })

test('first, peak and zero are from the first publish', () => {
  const tracker = new ReplicaTracker()
  tracker.observe(0, at(0))
  tracker.observe(900, at(1, 0, 1))
  tracker.observe(1_500, at(1))
  tracker.observe(3_000, at(5, 3, 5))
  tracker.observe(4_000, at(5))
  tracker.observe(20_000, at(0, 2, 2))
  expect(tracker.atRest).toBe(false)
  tracker.observe(21_000.4, at(0))
  expect(tracker.atRest).toBe(true)
  expect(tracker.report(15_000)).toEqual({
    peak: 5,
    peakDesired: 5,
    timeToFirstMs: 1_500,
    timeToPeakMs: 4_000,
    timeToZeroMs: 21_000,
    drainToZeroMs: 6_000,
  })
})

test('a worker that comes back makes the earlier zero void', () => {
  const tracker = new ReplicaTracker()
  for (const [ms, replicas] of [
    [100, 1],
    [200, 0],
    [300, 1],
    [900, 0],
  ] as const)
    tracker.observe(ms, at(replicas))
  expect(tracker.report(null)).toMatchObject({ timeToZeroMs: 900, drainToZeroMs: null })
})

test('a worker that never came has no times', () => {
  const tracker = new ReplicaTracker()
  tracker.observe(0, at(0))
  expect(tracker.report(10)).toMatchObject({
    peak: 0,
    timeToFirstMs: null,
    timeToPeakMs: null,
    timeToZeroMs: null,
  })
})

test('a floor above zero is where the worker rests', () => {
  const tracker = new ReplicaTracker(1)
  tracker.observe(0, at(1))
  expect(tracker.atRest).toBe(true)
  tracker.observe(500, at(3))
  expect(tracker.atRest).toBe(false)
  tracker.observe(900, at(1))
  expect(tracker.report(800)).toMatchObject({
    peak: 3,
    timeToFirstMs: 500,
    timeToZeroMs: 900,
    drainToZeroMs: 100,
  })
})
