/** Do two sets of independent runs differ? Mann and Whitney's rank test, two-sided. Pure. */

/** Up to so many values in all the distribution is counted out; beyond it is normal. */
const EXACT_UP_TO = 24

/** The probability of ranks at least as far apart as these if both sets came from the same distribution. */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return 1
  const ranks = ranked([...a, ...b])
  const sum = ranks.slice(0, a.length).reduce((total, rank) => total + rank, 0)
  const u = sum - (a.length * (a.length + 1)) / 2
  const tied = new Set(ranks).size < ranks.length
  return ranks.length <= EXACT_UP_TO && !tied
    ? exact(u, a.length, b.length)
    : normal(u, a.length, b.length, ranks)
}

/** From 1; equal values share the mean of their ranks. */
function ranked(values: readonly number[]): number[] {
  const order = values.map((_, place) => place).sort((x, y) => values[x]! - values[y]!)
  const ranks = new Array<number>(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + 1 + to) / 2
    from = to
  }
  return ranks
}

/** Counts the arrangements by U: f(u, m, n) = f(u − n, m − 1, n) + f(u, m, n − 1). */
function exact(u: number, m: number, n: number): number {
  const most = m * n
  let counts = Array.from({ length: n + 1 }, () => [1])
  for (let i = 1; i <= m; i++) {
    const next: number[][] = [[1]]
    for (let j = 1; j <= n; j++) {
      const row = new Array<number>(i * j + 1).fill(0)
      for (const [at, count] of counts[j]!.entries()) row[at + j]! += count
      for (const [at, count] of next[j - 1]!.entries()) row[at]! += count
      next.push(row)
    }
    counts = next
  }
  const row = counts[n]!
  const all = row.reduce((total, count) => total + count, 0)
  const tail = row.slice(0, Math.min(u, most - u) + 1).reduce((total, count) => total + count, 0)
  return Math.min(1, (2 * tail) / all)
}

/** With the corrections for ties and for continuity. */
function normal(u: number, m: number, n: number, ranks: readonly number[]): number {
  const all = m + n
  const ties = new Map<number, number>()
  for (const rank of ranks) ties.set(rank, (ties.get(rank) ?? 0) + 1)
  const tieTerm = [...ties.values()].reduce((total, count) => total + count ** 3 - count, 0)
  const variance = ((m * n) / 12) * (all + 1 - tieTerm / (all * (all - 1)))
  if (variance <= 0) return 1
  const z = (Math.abs(u - (m * n) / 2) - 0.5) / Math.sqrt(variance)
  return Math.min(1, 2 * upperTail(Math.max(0, z)))
}

/** P(Z > z) for z ≥ 0, to seven digits (Abramowitz and Stegun, 26.2.17). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
}
