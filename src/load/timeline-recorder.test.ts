import { expect, test } from 'vitest'
import { MEASURES, type Measure, timelineCsv, valuesOf } from './timeline.ts'
import { type Column, TimelineRecorder } from './timeline-recorder.ts'

const START = Date.UTC(2026, 0, 1)
const column = (measure: Measure): Column => ({ subject: 'q', measure, ...MEASURES[measure] })

test('columns with one time axis, gaps as null', () => {
  const recorder = new TimelineRecorder([column('depth'), column('latency.p95')], 1_000)
  recorder.sample(-3, [0, null])
  recorder.sample(1_000.4, [12, 80.12345])
  recorder.event(1_200, 'broker', 'connection lost')
  const timeline = recorder.toTimeline(START)
  expect(timeline).toEqual({
    apiVersion: 'devenv/v1',
    kind: 'Timeline',
    startedAt: '2026-01-01T00:00:00.000Z',
    intervalMs: 1_000,
    atMs: [0, 1_000],
    series: [
      { subject: 'q', measure: 'depth', unit: 'messages', values: [0, 12] },
      { subject: 'q', measure: 'latency.p95', unit: 'ms', values: [null, 80.123] },
    ],
    events: [{ atMs: 1_200, subject: 'broker', text: 'connection lost' }],
  })
  expect(valuesOf(timeline, 'q', 'depth')).toEqual([0, 12])
  expect(valuesOf(timeline, 'q', 'replicas.ready')).toBeUndefined()
  expect(timelineCsv(timeline)).toBe('atMs,subject,depth,latency.p95\n0,q,0,\n1000,q,12,80.123\n')
})

test('a long run is thinned out: peaks stay, rates stay rates, counters stay the newest', () => {
  const recorder = new TimelineRecorder(
    [column('depth'), column('rate.replied'), column('published')],
    1_000,
    8,
  )
  for (let second = 0; second < 100; second++)
    recorder.sample(second * 1_000, [second === 41 ? 500 : 1, second % 2, second])
  const timeline = recorder.toTimeline(START)
  expect(timeline.intervalMs).toBe(16_000)
  expect(timeline.atMs.length).toBeLessThanOrEqual(8)
  expect(timeline.atMs.at(-1)).toBe(99_000)
  expect(Math.max(...valuesOf(timeline, 'q', 'depth')!.map(Number))).toBe(500)
  for (const rate of valuesOf(timeline, 'q', 'rate.replied')!) expect(rate).toBeCloseTo(0.5, 1)
  expect(valuesOf(timeline, 'q', 'published')?.at(-1)).toBe(99)
  expect(timeline.series.every(({ values }) => values.length === timeline.atMs.length)).toBe(true)
})
