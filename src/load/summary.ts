/** A LoadReport for people. Pure. */
import { formatDuration } from '../lib/duration.ts'
import type { LoadReport, QueueReport } from './report.ts'

/** One paragraph per queue. */
export function summary(report: LoadReport): string {
  const queues = Object.entries(report.queues).map(
    ([name, queue]) => `${name}\n${queueLines(queue, report.waited)}`,
  )
  const reconnects = report.reconnects > 0 ? `, ${report.reconnects} reconnects to the broker` : ''
  return `${queues.join('\n')}\n${formatDuration(report.durationMs)} in all, profile ${report.profile}${reconnects}`
}

function queueLines(queue: QueueReport, waited: boolean): string {
  const { published, confirmed, replied, lost, unanswered, errors, duplicates, latencyMs, replicas } = queue
  const lines = [
    `  messages  ${published} published, ${confirmed} confirmed, ${replied} replied, ${lost} lost${extra({ unanswered, errors, duplicates })}`,
  ]
  if (!waited) lines[0] += ' (answers were not waited for: --wait)'
  if (latencyMs) {
    const { p50, p95, p99, max } = latencyMs
    lines.push(
      `  latency   p50 ${formatDuration(p50)}, p95 ${formatDuration(p95)}, p99 ${formatDuration(p99)}, max ${formatDuration(max)}`,
    )
  }
  const { peak, timeToFirstMs, timeToPeakMs, timeToZeroMs, drainToZeroMs } = replicas
  if (peak > 0) {
    const times = [
      timeToFirstMs === null ? '' : `first after ${formatDuration(timeToFirstMs)}`,
      timeToPeakMs === null ? '' : `peak after ${formatDuration(timeToPeakMs)}`,
      timeToZeroMs === null ? '' : `zero after ${formatDuration(timeToZeroMs)}`,
      drainToZeroMs === null ? '' : `${formatDuration(drainToZeroMs)} after the last reply`,
    ]
    lines.push(`  replicas  up to ${peak}: ${times.filter((time) => time !== '').join(', ')}`)
  }
  return lines.join('\n')
}

/** Figures that are rarely above zero. */
function extra(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => (count > 0 ? `, ${count} ${name}` : ''))
    .join('')
}
