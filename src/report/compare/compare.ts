/** What got better or worse from A to B, and what is only noise. Pure. */
import type { Measure } from '../../demo/report.ts'
import type { Report } from '../model.ts'
import { median, medianShift } from './bootstrap.ts'
import { mannWhitney } from './mann-whitney.ts'
import { stretchesOf } from './series.ts'

export type Verdict = 'better' | 'worse' | 'no difference' | 'unclear'

export interface Row {
  id: string
  title: string
  unit: Measure['unit']
  /** Medians over the runs. */
  a: number
  b: number
  verdict: Verdict
  /** Why this verdict. */
  how: string
}

export interface Comparison {
  apiVersion: 'devenv/v1'
  kind: 'ReportComparison'
  a: Side
  b: Side
  rows: Row[]
  /** What makes the two hard to compare. */
  notes: string[]
}

export interface Side {
  name: string
  runs: number
  verdicts: Report['verdict'][]
}

/** So many runs on each side let the rank test reach its level: two sets of four have 70 arrangements. */
const ENOUGH_RUNS = 4
const LEVEL = 0.05
/** Less is of no consequence, however sure. */
const RELEVANT = 0.05

/** Both sides have at least one run. */
export function compareReports(
  a: { name: string; runs: readonly Report[] },
  b: { name: string; runs: readonly Report[] },
): Comparison {
  return {
    apiVersion: 'devenv/v1',
    kind: 'ReportComparison',
    a: sideOf(a),
    b: sideOf(b),
    rows: [...measureRows(a.runs, b.runs), ...seriesRows(a.runs, b.runs)],
    notes: notesOf(a.runs, b.runs),
  }
}

function sideOf({ name, runs }: { name: string; runs: readonly Report[] }): Side {
  return { name, runs: runs.length, verdicts: runs.map(({ verdict }) => verdict) }
}

function measureRows(a: readonly Report[], b: readonly Report[]): Row[] {
  const first = a.flatMap(({ measures }) => measures)
  const ids = [...new Set(first.map(({ id }) => id))]
  return ids.flatMap((id) => {
    const measure = first.find((one) => one.id === id)!
    const [before, after] = [a, b].map((runs) => valuesOf(runs, id))
    if (before!.length === 0 || after!.length === 0) return []
    const judged = measure.exact ? counts(before!, after!, measure) : figures(before!, after!, measure)
    const { title, unit } = measure
    return [{ id, title, unit, a: median(before!), b: median(after!), ...judged }]
  })
}

function valuesOf(runs: readonly Report[], id: string): number[] {
  return runs.flatMap(({ measures }) => measures.filter((one) => one.id === id).map(({ value }) => value))
}

/** Losses and errors have no noise: the worst run counts. */
function counts(before: number[], after: number[], { better }: Measure): Pick<Row, 'verdict' | 'how'> {
  const worst = (values: number[]) => (better === 'lower' ? Math.max(...values) : Math.min(...values))
  const change = worst(after) - worst(before)
  const how = 'a count: it has no noise'
  if (change === 0) return { verdict: 'no difference', how }
  return { verdict: improved(change, better) ? 'better' : 'worse', how }
}

function figures(before: number[], after: number[], { better }: Measure): Pick<Row, 'verdict' | 'how'> {
  const runs = Math.min(before.length, after.length)
  if (runs < ENOUGH_RUNS) {
    const have =
      before.length === 1 && after.length === 1 ? 'one run each' : `${before.length} and ${after.length} runs`
    return {
      verdict: 'unclear',
      how: `${have}: the noise between runs is not known (with ${ENOUGH_RUNS} runs on each side it would be)`,
    }
  }
  const p = mannWhitney(before, after)
  const [from, to] = [median(before), median(after)]
  const how = `${before.length} and ${after.length} runs, p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`} (Mann–Whitney)`
  if (p >= LEVEL || Math.abs(to - from) < RELEVANT * Math.abs(from)) return { verdict: 'no difference', how }
  return { verdict: improved(to - from, better) ? 'better' : 'worse', how }
}

function improved(change: number, better: Measure['better']): boolean {
  return better === 'lower' ? change < 0 : change > 0
}

/** Latencies second by second: within a run there are enough of them to know their noise. */
function seriesRows(a: readonly Report[], b: readonly Report[]): Row[] {
  const [before, after] = [a, b].map((runs) => runs.flatMap(stretchesOf))
  const ids = [...new Set(before!.map(({ id }) => id))]
  return ids.flatMap((id) => {
    const own = before!.filter((one) => one.id === id)
    const other = after!.filter((one) => one.id === id)
    if (other.length === 0) return []
    const [from, to] = [own, other].map((all) => all.flatMap(({ values }) => values))
    const { ratio, low, high } = medianShift(from!, to!)
    const how = `× ${ratio.toFixed(2)}, 99 % sure between ${low.toFixed(2)} and ${high.toFixed(2)} (block bootstrap over ${from!.length} and ${to!.length} s)`
    const sure = low > 1 || high < 1
    const verdict: Verdict =
      !sure || Math.abs(ratio - 1) < RELEVANT ? 'no difference' : ratio < 1 ? 'better' : 'worse'
    return [{ id, title: own[0]!.title, unit: 'ms' as const, a: median(from!), b: median(to!), verdict, how }]
  })
}

/** Facts in which the sides differ and which move every figure. */
const TELLING = [
  'processor',
  'memory',
  'system',
  'cluster',
  'profile',
  'bounds of time',
  'arrivals',
  'sent to',
]

function notesOf(a: readonly Report[], b: readonly Report[]): string[] {
  const facts = (runs: readonly Report[], name: string) =>
    [
      ...new Set(
        runs
          .flatMap((run) => run.facts.flatMap(({ rows }) => rows.filter(([key]) => key === name)))
          .map(([, value]) => value),
      ),
    ].join(', ')
  return TELLING.flatMap((name) => {
    const [before, after] = [facts(a, name), facts(b, name)]
    return before === after ? [] : [`${name} differs: ${before || 'unknown'} against ${after || 'unknown'}`]
  })
}
