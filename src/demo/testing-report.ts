/** A small demo and its timeline, made up: for tests. */
import type { Series, Timeline } from '../load/timeline.ts'
import type { DemoReport } from './report.ts'

/** Three steps of 10 s: one passed, one failed, one skipped. */
export function demoReport(): DemoReport {
  return {
    apiVersion: 'devenv/v1',
    kind: 'DemoReport',
    name: 'test',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 20_000,
    verdict: 'failed',
    profile: 'fast',
    cluster: { kind: 'embedded', kubernetes: 'v1.35.0', reason: 'no Docker' },
    components: [
      { name: 'KEDA', version: 'v2.20.2', implementation: 'embedded' },
      { name: 'RabbitMQ', version: '3.13.7', implementation: 'real' },
    ],
    revision: '0123456789abcdef',
    machine: { os: 'Linux', cpu: 'CPU <1>', cores: 2, memoryGiB: 24, node: 'v24.0.0', loadAverage: 0.5 },
    tolerance: 1,
    steps: [
      {
        id: 'burst',
        title: 'Burst: zero to five',
        sentence: 'Messages at once.',
        status: 'passed',
        startMs: 0,
        endMs: 10_000,
        checks: [{ text: 'the first worker is ready within 11 s', ok: true, actual: '2.0 s' }],
        measures: [
          {
            id: 'first-worker',
            title: 'first worker ready',
            value: 2_000,
            unit: 'ms',
            better: 'lower',
            headline: true,
          },
          { id: 'lost', title: 'messages lost', value: 0, unit: 'messages', better: 'lower', exact: true },
        ],
      },
      {
        id: 'canary',
        title: 'A canary & its traffic',
        sentence: 'A commit.',
        status: 'failed',
        startMs: 10_000,
        endMs: 20_000,
        checks: [
          { text: 'error rate 0', ok: false, actual: '3 of 50 requests | <b>' },
          { text: 'stable', ok: true, actual: 'sha-1' },
        ],
        undone: ['sha-0 is released again'],
      },
      {
        id: 'zero',
        title: 'Back to zero',
        sentence: 'After the cooldown.',
        status: 'skipped',
        reason: 'it builds on "drained", which did not pass',
        checks: [],
      },
    ],
  }
}

/** Twenty seconds: a queue that fills and drains, its workers, the canary's weight; `latency` of core-api. */
export function demoTimeline(latency: (second: number) => number | null = () => 80): Timeline {
  const seconds = Array.from({ length: 21 }, (_, second) => second)
  const series = (
    subject: string,
    measure: string,
    unit: Series['unit'],
    value: (second: number) => number | null,
  ): Series => ({ subject, measure, unit, values: seconds.map(value) })
  const queue = 'question_generation_task'
  return {
    apiVersion: 'devenv/v1',
    kind: 'Timeline',
    startedAt: '2026-01-01T00:00:00.000Z',
    intervalMs: 1_000,
    atMs: seconds.map((second) => second * 1_000),
    series: [
      series('resume_evaluation_task', 'depth', 'messages', () => 0),
      series(queue, 'depth', 'messages', (second) => Math.max(0, 100 - 10 * second)),
      series(queue, 'replicas.ready', 'pods', (second) => (second < 12 ? 5 : 0)),
      series('core-api', 'latency.p50', 'ms', latency),
      series('core-api', 'weight.asked', 'percent', (second) =>
        second < 10 ? null : second < 15 ? 20 : 100,
      ),
    ],
    events: [
      { atMs: 1_000, subject: queue, text: '5 of 5 replicas ready' },
      { atMs: 65_000, subject: 'demo', text: 'commit <abc>' },
    ],
  }
}
