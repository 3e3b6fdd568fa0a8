import { expect, test } from 'vitest'
import { dueMs, messagesOf, type Profile, withRate } from './profile.ts'

const steady: Profile = { name: 'steady', stages: [{ durationMs: 10_000, fromRate: 5, toRate: 5 }] }
const ramp: Profile = { name: 'ramp', stages: [{ durationMs: 10_000, fromRate: 0, toRate: 10 }] }
const burst: Profile = { name: 'burst', stages: [{ burst: 100 }] }

test('a profile holds as many messages as lie under its rates', () => {
  expect([steady, ramp, burst].map(messagesOf)).toEqual([50, 50, 100])
})

test('an even rate spaces messages evenly and goes on after its last stage', () => {
  expect([0, 1, 49, 50, 55].map((index) => dueMs(steady, index))).toEqual([0, 200, 9800, 10_000, 11_000])
})

test('a ramp has half of its messages in the last 29 %', () => {
  expect(dueMs(ramp, 25)).toBeCloseTo(10_000 * Math.SQRT1_2, 6)
  expect(dueMs(ramp, 50)).toBeCloseTo(10_000, 6)
  const falling: Profile = { name: 'f', stages: [{ durationMs: 10_000, fromRate: 10, toRate: 0 }] }
  expect(dueMs(falling, 25)).toBeCloseTo(10_000 * (1 - Math.SQRT1_2), 6)
})

test('a burst is due at once, also beyond its number', () => {
  expect([0, 99, 500].map((index) => dueMs(burst, index))).toEqual([0, 0, 0])
})

test('stages follow one another, pauses too', () => {
  const stages = [
    { burst: 2 },
    { durationMs: 5_000, fromRate: 0, toRate: 0 },
    { durationMs: 1_000, fromRate: 2, toRate: 2 },
  ]
  const profile: Profile = { name: 'mixed', stages }
  expect([0, 1, 2, 3, 4].map((index) => dueMs(profile, index))).toEqual([0, 0, 5_000, 5_500, 6_000])
})

test('due times never go back', () => {
  const profile: Profile = { name: 'x', stages: [...ramp.stages, { burst: 10 }, ...steady.stages] }
  const times = Array.from({ length: 200 }, (_, index) => dueMs(profile, index))
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

test('a rate scales the shape, and spreads a burst', () => {
  expect(withRate(ramp, 20).stages).toEqual([{ durationMs: 10_000, fromRate: 0, toRate: 20 }])
  expect(withRate(burst, 10).stages).toEqual([{ durationMs: 10_000, fromRate: 10, toRate: 10 }])
})
