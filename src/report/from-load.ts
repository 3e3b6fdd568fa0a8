/** A load (`devenv load --report`) as a report. Pure. */
import type { Measure } from '../demo/report.ts'
import { type LoadReport, type QueueReport, totalLost } from '../load/report.ts'
import type { Timeline } from '../load/timeline.ts'
import { shortName } from './charts/choose.ts'
import type { Report } from './model.ts'

export function fromLoad(report: LoadReport, timeline: Timeline): Report {
  const { queues, durationMs, profile, via, generator } = report
  const published = Object.values(queues).reduce((sum, queue) => sum + queue.published, 0)
  const lost = totalLost(report)
  return {
    title: `Load: ${profile}`,
    name: '',
    startedAt: timeline.startedAt,
    durationMs,
    verdict: lost === 0 ? 'passed' : 'failed',
    subtitle: `${published} messages, ${lost} lost`,
    steps: [],
    measures: Object.entries(queues).flatMap(([name, queue]) => measuresOfQueue(shortName(name), queue)),
    facts: [
      {
        title: 'Run',
        rows: [
          ['profile', profile],
          ['arrivals', `${generator.loop} loop, ${generator.arrivals}`],
          ['sent to', via === 'amqp' ? 'the queues' : via],
          ['reconnects', String(report.reconnects)],
        ],
      },
    ],
    timeline,
  }
}

/** Of each queue, for the top of the report. */
const HEADLINES = ['lost', 'p95', 'peak', 'zero']

function measuresOfQueue(name: string, queue: QueueReport): Measure[] {
  const { replicas, latencyMs, lost, errors, duplicates } = queue
  const count = (id: string, title: string, value: number): Measure => ({
    id: `${name}-${id}`,
    title: `${name}: ${title}`,
    value,
    unit: 'messages',
    better: 'lower',
    exact: true,
  })
  const ms = (id: string, title: string, value: number | null | undefined): Measure[] =>
    value === null || value === undefined
      ? []
      : [{ id: `${name}-${id}`, title: `${name}: ${title}`, value, unit: 'ms', better: 'lower' }]
  const all = [
    count('lost', 'lost', lost),
    count('errors', 'answered with an error', errors),
    count('duplicates', 'answered twice', duplicates),
    ...ms('p50', 'latency p50', latencyMs?.p50),
    ...ms('p95', 'latency p95', latencyMs?.p95),
    ...ms('first', 'first worker ready', replicas.timeToFirstMs),
    ...ms('peak', 'peak of workers', replicas.timeToPeakMs),
    ...ms('zero', 'back to zero after the last answer', replicas.drainToZeroMs),
  ]
  return all.map((measure) =>
    HEADLINES.some((id) => measure.id === `${name}-${id}`) ? { ...measure, headline: true } : measure,
  )
}
