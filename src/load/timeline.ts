/**
 * The format of a run over time: `timeline.json` of a load's report, and what charts are drawn from.
 *
 * Columns with one time axis for all of them, which is what chart libraries take: `[atMs, ...values]`. A producer
 * may add measures of its own (a canary's weight, say) as further series; a reader draws those that it knows and
 * passes over the rest.
 */

export interface Timeline {
  apiVersion: 'devenv/v1'
  kind: 'Timeline'
  /** RFC 3339 with milliseconds: the moment that all times of the run count from. */
  startedAt: string
  /** Time between two samples. Doubles whenever a run outgrows MOST_SAMPLES. */
  intervalMs: number
  /** The time axis: milliseconds from `startedAt`, ascending. */
  atMs: number[]
  series: Series[]
  /** In order of time. */
  events: TimelineEvent[]
}

/** One measure of one subject; `values` is as long as `atMs`. */
export interface Series {
  /** What it is about: the name of a queue, or of a workload. */
  subject: string
  /** One of MEASURES, or a producer's own. */
  measure: string
  unit: Unit
  /** null: not known at that moment, or nothing happened that could be measured. */
  values: (number | null)[]
}

export interface TimelineEvent {
  atMs: number
  /** A queue, a workload, `load` or `broker`. */
  subject: string
  /** A short sentence for people. */
  text: string
}

export type Unit = 'messages' | 'pods' | 'ms' | 'per second' | 'percent'

/** How two neighbouring samples become one when a run is long: a peak must not vanish, a rate must stay one. */
export type Fold = 'max' | 'mean' | 'last'

/** What the load records of each queue, once per interval. */
export const MEASURES = {
  /** Waiting at the broker. */
  depth: { unit: 'messages', fold: 'max' },
  /** With a worker, not yet acknowledged. */
  unacked: { unit: 'messages', fold: 'max' },
  /** Published so far, since the start. */
  published: { unit: 'messages', fold: 'last' },
  /** Answered so far, since the start. */
  replied: { unit: 'messages', fold: 'last' },
  /** Published in this interval. */
  'rate.published': { unit: 'per second', fold: 'mean' },
  /** Answered in this interval. */
  'rate.replied': { unit: 'per second', fold: 'mean' },
  /** Answered with an error in this interval. */
  'rate.errors': { unit: 'per second', fold: 'mean' },
  /** Latencies of the answers that came in this interval, from due time to answer. */
  'latency.p50': { unit: 'ms', fold: 'max' },
  'latency.p95': { unit: 'ms', fold: 'max' },
  'latency.p99': { unit: 'ms', fold: 'max' },
  'latency.max': { unit: 'ms', fold: 'max' },
  /** Replicas that the worker's autoscaler asks for, and those that are ready. */
  'replicas.desired': { unit: 'pods', fold: 'last' },
  'replicas.ready': { unit: 'pods', fold: 'last' },
} as const satisfies Record<string, { unit: Unit; fold: Fold }>

export type Measure = keyof typeof MEASURES

/** Two hours at a sample a second; the file of a day's soak is no larger. */
export const MOST_SAMPLES = 7_200

/** The values of one measure of one subject, or undefined when the timeline has none. */
export function valuesOf(
  timeline: Timeline,
  subject: string,
  measure: Measure,
): readonly (number | null)[] | undefined {
  return timeline.series.find((series) => series.subject === subject && series.measure === measure)?.values
}

/** RFC 4180: a row per sample and subject, a column per measure. No name in use needs quoting. */
export function timelineCsv(timeline: Timeline): string {
  const subjects = [...new Set(timeline.series.map(({ subject }) => subject))]
  const measures = [...new Set(timeline.series.map(({ measure }) => measure))]
  const columns = new Map(timeline.series.map((series) => [`${series.subject} ${series.measure}`, series]))
  const rows = timeline.atMs.flatMap((atMs, row) =>
    subjects.map((subject) => [
      atMs,
      subject,
      ...measures.map((measure) => columns.get(`${subject} ${measure}`)?.values[row] ?? ''),
    ]),
  )
  return `${[['atMs', 'subject', ...measures], ...rows].map((row) => row.join(',')).join('\n')}\n`
}
