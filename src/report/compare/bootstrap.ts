/** How far apart are the medians of two series over time, and how sure is that? Pure. */
import { randomStream } from '../../load/arrivals.ts'

export interface Shift {
  /** median(b) / median(a). */
  ratio: number
  /** The interval that holds it with the confidence asked for. */
  low: number
  high: number
}

const RESAMPLES = 2_000
const CONFIDENCE = 0.99
const SEED = 20_260_101

/**
 * Moving-block bootstrap (Künsch 1989): neighbouring seconds of one run are alike, and samples drawn one by one would
 * take that for certainty. Answers the same for the same series. Both must have values, and medians above zero.
 */
export function medianShift(a: readonly number[], b: readonly number[]): Shift {
  const random = randomStream(SEED, 0)
  const ratios = Array.from(
    { length: RESAMPLES },
    () => median(resampled(b, random)) / median(resampled(a, random)),
  ).sort((x, y) => x - y)
  const at = (part: number) => ratios[Math.min(RESAMPLES - 1, Math.floor(part * RESAMPLES))]!
  return { ratio: median(b) / median(a), low: at((1 - CONFIDENCE) / 2), high: at((1 + CONFIDENCE) / 2) }
}

/** Blocks of the cube root's length are the usual choice. */
function resampled(series: readonly number[], random: () => number): number[] {
  const block = Math.max(1, Math.round(series.length ** (1 / 3)))
  const drawn: number[] = []
  while (drawn.length < series.length) {
    const from = Math.floor(random() * (series.length - block + 1))
    drawn.push(...series.slice(from, from + block))
  }
  drawn.length = series.length
  return drawn
}

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]!
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}
