/** Series over time that two runs can be compared by: latencies, second by second, of each step. Pure. */
import { shortName } from '../charts/choose.ts'
import type { Report } from '../model.ts'

/** Fewer seconds tell nothing. */
const LEAST = 8

export interface Stretch {
  id: string
  title: string
  values: number[]
}

/** The median latency of each second: by step, or of the whole run when it has none. */
export function stretchesOf({ timeline, steps, durationMs }: Report): Stretch[] {
  const parts =
    steps.length === 0
      ? [{ id: 'run', title: '', startMs: 0, endMs: durationMs }]
      : steps.map(({ id, title, startMs = 0, endMs = 0 }) => ({ id, title: `${title}: `, startMs, endMs }))
  return timeline.series
    .filter(({ measure }) => measure === 'latency.p50')
    .flatMap(({ subject, values }) =>
      parts.flatMap(({ id, title, startMs, endMs }) => {
        const inside = values.filter((value, place): value is number => {
          const atMs = timeline.atMs[place]!
          return value !== null && value > 0 && atMs >= startMs && atMs <= endMs
        })
        if (inside.length < LEAST) return []
        return [{ id: `${id}/${subject}`, title: `${title}latency of ${shortName(subject)}`, values: inside }]
      }),
    )
}
