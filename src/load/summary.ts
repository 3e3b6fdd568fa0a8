/** A LoadReport for people. Pure. */
import { formatDuration } from '../lib/duration.ts'
import type { LatencyReport } from './latency.ts'
import type { LoadReport, QueueReport } from './report.ts'

/** One paragraph per queue. */
export function summary(report: LoadReport): string {
  const queues = Object.entries(report.queues).map(
    ([name, queue]) => `${name}\n${queueLines(queue, report).join('\n')}`,
  )
  return `${queues.join('\n')}\n${closing(report)}`
}

function queueLines(queue: QueueReport, { waited, via }: LoadReport): string[] {
  const { published, confirmed, replied, lost } = queue
  const { unanswered, errors, duplicates, returned, failed, republished, republishDuplicates } = queue
  const words = [
    `${published} ${via === 'amqp' ? 'published' : 'requested'}`,
    ...(via === 'amqp' ? [`${confirmed} confirmed`] : []),
    `${replied} answered`,
    `${lost} lost`,
    ...counted({
      'returned as unroutable': returned,
      'not taken': failed,
      'without an answer': unanswered,
      'with an error': errors,
      'answered twice': duplicates,
      'sent again after a reconnect': republished,
      'of those answered twice': republishDuplicates,
    }),
  ]
  const note = waited ? '' : ' (answers were not waited for: --wait)'
  const outcomes = Object.entries(queue.outcomes ?? {}).map(([outcome, count]) => `${count} × ${outcome}`)
  return [
    `  messages  ${words.join(', ')}${note}`,
    ...(outcomes.length === 0 ? [] : [`  answers   ${outcomes.join(', ')}`]),
    ...latencyLine('latency', queue.latencyMs),
    ...latencyLine('  waiting', queue.queueWaitMs),
    ...latencyLine('  working', queue.serviceMs),
    ...fromOutside(queue),
    ...late(queue.latenessMs),
    ...replicaLine(queue),
  ]
}

function latencyLine(label: string, latency: LatencyReport | null): string[] {
  if (!latency) return []
  const { p50, p95, p99, max } = latency
  const [a, b, c, d] = [p50, p95, p99, max].map(formatDuration)
  return [`  ${label.padEnd(9)} p50 ${a}, p95 ${b}, p99 ${c}, max ${d}`]
}

/** Workers that are not ours do not say how long they took: what can be told of them from outside. */
function fromOutside({ latencyMs, serviceMs, meanTimesMs }: QueueReport): string[] {
  if (!latencyMs || serviceMs) return []
  if (!meanTimesMs) return ['    waiting and working are not told apart: answers have no header x-service-ms']
  const [waiting, atWorker] = [meanTimesMs.waiting, meanTimesMs.atWorker].map(formatDuration)
  return [
    `    on average ${waiting} waiting, ${atWorker} at a worker (from the broker’s counts, each second)`,
  ]
}

/** A generator that was late is worth a line: its machine was too slow, or the broker took no more. */
const LATE_MS = 100

function late(lateness: LatencyReport | null): string[] {
  if (!lateness || lateness.p99 < LATE_MS) return []
  return [
    `  late      the load went out up to ${formatDuration(lateness.max)} after it was due (p99 ${formatDuration(lateness.p99)}); latencies hold it`,
  ]
}

function replicaLine({ replicas }: QueueReport): string[] {
  const { peak, timeToFirstMs, timeToPeakMs, timeToZeroMs, drainToZeroMs } = replicas
  if (peak === 0) return []
  const times = [
    timeToFirstMs === null ? '' : `first after ${formatDuration(timeToFirstMs)}`,
    timeToPeakMs === null ? '' : `peak after ${formatDuration(timeToPeakMs)}`,
    timeToZeroMs === null ? '' : `zero after ${formatDuration(timeToZeroMs)}`,
    drainToZeroMs === null ? '' : `${formatDuration(drainToZeroMs)} after the last reply`,
  ]
  return [`  replicas  up to ${peak}: ${times.filter((time) => time !== '').join(', ')}`]
}

function closing({ durationMs, profile, generator, via, reconnects, blocked, strays }: LoadReport): string {
  const { arrivals, seed } = generator
  return [
    `${formatDuration(durationMs)} in all`,
    `profile ${profile}${arrivals === 'poisson' ? ` (poisson, seed ${seed})` : ''}`,
    ...(via === 'amqp' ? [] : [`via ${via}`]),
    ...counted({ 'reconnects to the broker': reconnects, 'stray answers': strays }),
    ...(blocked.times === 0
      ? []
      : [
          `the broker took no messages ${blocked.times === 1 ? 'once' : `${blocked.times} times`}, for ${formatDuration(blocked.totalMs)} in all`,
        ]),
  ].join(', ')
}

/** Figures that are rarely above zero. */
function counted(counts: Record<string, number>): string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
}
