import { describe, expect, test } from 'vitest'
import { arrivalsOf, randomStream } from './arrivals.ts'
import type { Profile } from './profile.ts'

const steady: Profile = { name: 'steady', stages: [{ durationMs: 60_000, fromRate: 50, toRate: 50 }] }
const ramp: Profile = { name: 'ramp', stages: [{ durationMs: 60_000, fromRate: 0, toRate: 100 }] }
const sine: Profile = {
  name: 'sine',
  stages: [{ durationMs: 60_000, mean: 50, amplitude: 40, periodMs: 20_000 }],
}

function take(profile: Profile, count: number, process: 'even' | 'poisson', seed = 7): number[] {
  const arrivals = arrivalsOf(profile, process, randomStream(seed, 0))
  return Array.from({ length: count }, () => arrivals.next().value as number)
}

/** The largest distance between the shares of values below x and the distribution (Kolmogorov and Smirnov). */
function distance(values: readonly number[], distribution: (x: number) => number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const n = sorted.length
  return Math.max(
    ...sorted.map((x, place) =>
      Math.max(Math.abs(distribution(x) - place / n), Math.abs((place + 1) / n - distribution(x))),
    ),
  )
}

/** A sample of n from the distribution stays below this in 999 of 1000 cases. */
const critical = (n: number) => 1.95 / Math.sqrt(n)

describe('a Poisson process', () => {
  test('has exponential gaps', () => {
    const due = take(steady, 3_000, 'poisson')
    const gaps = due.map((at, place) => at - (due[place - 1] ?? 0))
    expect(distance(gaps, (gap) => 1 - Math.exp(-gap / 20))).toBeLessThan(critical(gaps.length))
    // Evenly spaced ones do not pass for it.
    const even = take(steady, 3_000, 'even')
    const evenGaps = even.slice(1).map((at, place) => at - even[place]!)
    expect(distance(evenGaps, (gap) => 1 - Math.exp(-gap / 20))).toBeGreaterThan(critical(evenGaps.length))
  })

  test('has as much variance in its counts as mean', () => {
    const counts = new Array(600).fill(0) as number[]
    for (const at of take(steady, 3_000, 'poisson')) if (at < 60_000) counts[Math.floor(at / 100)]!++
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1)
    expect(mean).toBeCloseTo(5, 0)
    expect(variance / mean).toBeGreaterThan(0.8)
    expect(variance / mean).toBeLessThan(1.2)
  })

  test.each([ramp, sine])('follows the rate of $name', (profile) => {
    const due = take(profile, 2_500, 'poisson')
    const end = due.at(-1)!
    // Given their number, arrivals lie as independent draws from the rate: the expected count is the distribution.
    const expected = (ms: number) =>
      profile === ramp ? (ms / 1000) ** 2 * (100 / 120) : sineIntegral(ms / 1000)
    expect(distance(due, (ms) => expected(ms) / expected(end))).toBeLessThan(critical(due.length))
  })

  test('is the same for the same seed, and another for another', () => {
    expect(take(steady, 50, 'poisson', 7)).toEqual(take(steady, 50, 'poisson', 7))
    expect(take(steady, 50, 'poisson', 7)).not.toEqual(take(steady, 50, 'poisson', 8))
    const [first, second] = [0, 1].map((stream) => randomStream(7, stream)())
    expect(first).not.toBe(second)
  })
})

describe('even arrivals', () => {
  test('of a sine are the inverse of its integral', () => {
    for (const [count, at] of take(sine, 3_000, 'even').entries())
      expect(sineIntegral(at / 1000)).toBeCloseTo(count, 2)
  })

  test('of a sine crowd where it is high: 76 % of a period in its first half', () => {
    const first = take(sine, 1_000, 'even').filter((at) => at < 10_000).length
    // 50·10 + 2·40·20/(2π) of 1000.
    expect(first).toBeCloseTo(500 + (40 * 20) / Math.PI, -1)
  })

  test('of a ramp lie as the square root', () => {
    for (const [count, at] of take(ramp, 3_000, 'even').entries())
      expect(at).toBeCloseTo(1000 * Math.sqrt((count * 120) / 100), 3)
  })
})

/** Messages until `seconds` of the sine above. */
function sineIntegral(seconds: number): number {
  const angular = (2 * Math.PI) / 20
  return 50 * seconds + (40 / angular) * (1 - Math.cos(angular * seconds))
}
