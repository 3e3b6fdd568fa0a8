/** Reads the management API's answer: the numbers of one queue, or of all that match. */
import type { RabbitmqConfig } from './config.ts'

export interface QueueInfo {
  messages: number
  publishRate: number
  deliverRate: number
}

interface QueueBody {
  messages?: number
  messages_ready?: number
  message_stats?: { publish_details?: { rate?: number }; deliver_get_details?: { rate?: number } }
}

type Reading = Pick<RabbitmqConfig, 'useRegex' | 'excludeUnacknowledged' | 'operation'>

/** The numbers in a response body; what is missing is 0. Throws when a regex matches more than one page. */
export function readQueueInfo(body: string, config: Reading): QueueInfo {
  const parsed = JSON.parse(body)
  if (!config.useRegex) return infoOf(parsed, config)
  if ((parsed.page_count ?? 0) > 1) throw new Error('regex matches more queues than can be recovered at once')
  return combine(
    ((parsed.items ?? []) as QueueBody[]).map((item) => infoOf(item, config)),
    config.operation,
  )
}

function infoOf(queue: QueueBody, { excludeUnacknowledged }: Reading): QueueInfo {
  return {
    messages: (excludeUnacknowledged ? queue.messages_ready : queue.messages) ?? 0,
    publishRate: queue.message_stats?.publish_details?.rate ?? 0,
    deliverRate: queue.message_stats?.deliver_get_details?.rate ?? 0,
  }
}

function combine(queues: QueueInfo[], operation: RabbitmqConfig['operation']): QueueInfo {
  if (queues.length === 0) return { messages: 0, publishRate: 0, deliverRate: 0 }
  const of = (field: keyof QueueInfo) =>
    aggregate(
      queues.map((queue) => queue[field]),
      operation,
    )
  return {
    messages: Math.trunc(of('messages')),
    publishRate: of('publishRate'),
    deliverRate: of('deliverRate'),
  }
}

function aggregate(values: number[], operation: RabbitmqConfig['operation']): number {
  const sum = values.reduce((total, value) => total + value, 0)
  if (operation === 'max') return Math.max(...values)
  return operation === 'avg' ? sum / values.length : sum
}
