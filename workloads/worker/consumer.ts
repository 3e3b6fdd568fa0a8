/** Takes tasks from one queue, one at a time: work, reply, and only then acknowledge. */
import type { ConfirmChannel, ConsumeMessage } from 'amqplib'
import type { Log } from '../shared/log.ts'
import { reasonOf } from '../shared/log.ts'
import type { Ask } from './model.ts'
import type { Task } from './tasks.ts'
import { parseRequest } from './tasks.ts'

export interface ConsumerOptions {
  queue: string
  task: Task
  ask: Ask
  log: Log
  /** What a task takes when its message does not say, in milliseconds; undefined leaves it to the model. */
  taskMs: number | undefined
}

export interface Consumer {
  /** Consumes on a fresh channel. */
  open(channel: ConfirmChannel): Promise<void>
  /** Takes no more tasks; resolves when the one in hand has been answered and acknowledged. */
  drain(): Promise<void>
}

/** A consumer that an unacknowledged task outlives: whatever ends early goes back to the queue. */
export function createConsumer(options: ConsumerOptions): Consumer {
  const { queue, log } = options
  const inHand = new Set<Promise<void>>()
  let draining = false
  let cancel = async () => {}

  const onMessage = (channel: ConfirmChannel, message: ConsumeMessage | null) => {
    if (message === null) {
      // The queue was deleted; a new channel declares it again.
      log.warn('consumer cancelled by the broker', { queue })
      channel.close().catch(() => undefined)
      return
    }
    // What comes after the cancel is left unacknowledged: the broker gives it to another worker.
    if (draining) return
    const work = handle(options, channel, message).catch((thrown) => {
      log.warn('task not acknowledged, it will be delivered again', { queue, reason: reasonOf(thrown) })
    })
    inHand.add(work)
    void work.finally(() => inHand.delete(work))
  }

  return {
    async open(channel) {
      await channel.assertQueue(queue, { durable: true })
      await channel.prefetch(1)
      const { consumerTag } = await channel.consume(queue, (message) => onMessage(channel, message))
      cancel = async () => void (await channel.cancel(consumerTag))
      log.info('consuming', { queue })
    },
    async drain() {
      draining = true
      // Without a channel there is nothing to cancel.
      await cancel().catch(() => undefined)
      await Promise.all(inHand)
    },
  }
}

async function handle(options: ConsumerOptions, channel: ConfirmChannel, message: ConsumeMessage) {
  const { replyTo, correlationId } = message.properties
  if (!replyTo || !correlationId) {
    options.log.warn('task dropped: it has no reply_to or no correlation_id', { queue: options.queue })
    channel.ack(message)
    return
  }
  const started = performance.now()
  const reply = await work(options, message)
  const ms = Math.round(performance.now() - started)
  await send(channel, replyTo, correlationId, reply, ms)
  channel.ack(message)
  options.log.info('task done', {
    queue: options.queue,
    status: reply.status,
    ms,
    ...(reply.status === 'error' ? { reason: reply.message } : {}),
  })
}

type Reply = { status: 'success'; data: unknown } | { status: 'error'; message: string }

async function work({ task, ask, taskMs }: ConsumerOptions, message: ConsumeMessage): Promise<Reply> {
  try {
    const request = parseRequest(task, message.content)
    return { status: 'success', data: await ask(task, request, taskMsOf(message) ?? taskMs) }
  } catch (thrown) {
    return { status: 'error', message: reasonOf(thrown) }
  }
}

/** The `x-task-ms` header, which load tools set; undefined when absent or no such number. */
function taskMsOf(message: ConsumeMessage): number | undefined {
  const value = message.properties.headers?.['x-task-ms']
  const ms = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms : undefined
}

// Waits for the broker's confirm: a reply that is not on its way must not let the task be acknowledged. Persistent,
// because a confirmed reply that a broker's restart loses would be missed like a lost task.
function send(
  channel: ConfirmChannel,
  replyTo: string,
  correlationId: string,
  reply: Reply,
  serviceMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.sendToQueue(
      replyTo,
      Buffer.from(JSON.stringify(reply)),
      {
        correlationId,
        contentType: 'application/json',
        persistent: true,
        // What the task took without its time in the queue: load tools tell the two apart by it.
        headers: { 'x-service-ms': serviceMs },
      },
      (refused) => (refused ? reject(new Error('the broker did not take the reply')) : resolve()),
    )
  })
}
