/** Whether every message was answered, and what a killed worker cost. Pure. */
import { formatDuration } from '../../lib/duration.ts'
import type { QueueReport } from '../../load/report.ts'
import type { Check, Evidence, Measure } from '../report.ts'

/** Each message has one answer. */
export function assertDrained(queue: QueueReport): Evidence {
  const { latencyMs } = queue
  return {
    checks: [
      all('answered', queue.replied, queue.published),
      none('lost', queue.lost),
      none('answered twice', queue.duplicates),
      none('answered with an error', queue.errors),
    ],
    measures: [
      { ...exact('lost', 'messages lost', queue.lost), headline: true },
      ...(latencyMs
        ? [
            {
              id: 'burst-p95',
              title: 'burst, p95',
              value: latencyMs.p95,
              unit: 'ms',
              better: 'lower',
            } as const,
          ]
        : []),
    ],
  }
}

/** What is known of the pod that was killed. */
export interface Kill {
  pod: string
  /** Times that the broker delivered a message of the queue once more, before the kill and at the end. */
  redeliveredBefore: number
  redeliveredAfter: number
  /** From the kill to the moment when as many workers were ready as before; null: never. */
  replacedMs: number | null
}

/** A worker's death costs time, not messages. At-least-once: a task may be done twice, when its answer was out. */
export function assertRedelivery(queue: QueueReport, kill: Kill): Evidence {
  const again = kill.redeliveredAfter - kill.redeliveredBefore
  return {
    checks: [
      {
        text: `the broker delivers the task of ${kill.pod} again`,
        ok: again >= 1,
        actual: `${again} redelivered`,
      },
      {
        text: 'another worker takes its place',
        ok: kill.replacedMs !== null,
        actual: kill.replacedMs === null ? 'never' : `after ${formatDuration(kill.replacedMs)}`,
      },
      all('answered', queue.replied, queue.published),
      none('lost', queue.lost),
      {
        text: 'at most the killed task answered twice',
        ok: queue.duplicates <= 1,
        actual: String(queue.duplicates),
      },
    ],
    measures: [exact('lost-after-kill', 'messages lost by a killed worker', queue.lost)],
  }
}

function all(what: string, count: number, of: number): Check {
  return { text: `every message ${what}`, ok: count === of && of > 0, actual: `${count} of ${of}` }
}

function none(what: string, count: number): Check {
  return { text: `none ${what}`, ok: count === 0, actual: String(count) }
}

function exact(id: string, title: string, value: number): Measure {
  return { id, title, value, unit: 'messages', better: 'lower', exact: true }
}
