/** A measurement against its yardstick, in one run on one machine: ratios travel, seconds do not. */

export interface Bench {
  apiVersion: 'devenv/v1'
  kind: 'Bench'
  name: string
  /** Median of our runs. */
  ours: number
  /** Median of the yardstick's runs. */
  yardstick: number
  /** Median of ours/yardstick, pair by pair. */
  ratio: number
  unit: string
  runs: { ours: number; yardstick: number }[]
}

/** Medians of pairs that were measured in turn. */
export function benchOf(name: string, unit: string, runs: Bench['runs']): Bench {
  return {
    apiVersion: 'devenv/v1',
    kind: 'Bench',
    name,
    ours: median(runs.map((run) => run.ours)),
    yardstick: median(runs.map((run) => run.yardstick)),
    ratio: Number(median(runs.map((run) => run.ours / run.yardstick)).toFixed(3)),
    unit,
    runs,
  }
}

/** The middle value; of an even count, the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
