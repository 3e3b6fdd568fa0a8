/** Requests over the broker: publishes to a queue, waits for the reply that carries the same correlation id. */
import { randomUUID } from 'node:crypto'
import type { ConfirmChannel, ConsumeMessage, Options } from 'amqplib'

export interface Reply {
  status: 'success' | 'error'
  data?: unknown
  message?: string
}

interface CallOptions {
  timeoutMs: number
  /** Passed on as they are. */
  headers?: Record<string, string>
}

/** The broker is away, or went away before the reply came. */
export class BrokerUnavailable extends Error {}
/** No reply in time. */
export class ReplyTimeout extends Error {}

export interface Rpc {
  /** Makes a fresh channel usable; give it each one that the broker connection opens. */
  open(channel: ConfirmChannel): Promise<void>
  /** Fails what waits: its replies can no longer arrive. */
  lost(): void
  ready(): boolean
  call(queue: string, message: unknown, options: CallOptions): Promise<Reply>
}

interface Waiting {
  resolve(reply: Reply): void
  reject(error: Error): void
}

/** An RPC client that declares the queues itself, so that a message never goes to a queue that is not there. */
export function createRpc(queues: string[]): Rpc {
  const waiting = new Map<string, Waiting>()
  let current: { channel: ConfirmChannel; replyTo: string } | undefined

  const onReply = (message: ConsumeMessage | null) => {
    const id = message?.properties.correlationId
    const waiter = id === undefined ? undefined : waiting.get(id)
    // A reply without a waiter came after its request had timed out.
    if (message === null || waiter === undefined) return
    try {
      waiter.resolve(parseReply(message.content))
    } catch (thrown) {
      waiter.reject(thrown as Error)
    }
  }

  return {
    async open(channel) {
      for (const queue of queues) await channel.assertQueue(queue, { durable: true })
      const { queue: replyTo } = await channel.assertQueue('', { exclusive: true, autoDelete: true })
      await channel.consume(replyTo, onReply, { noAck: true })
      current = { channel, replyTo }
    },
    lost() {
      current = undefined
      for (const waiter of waiting.values()) waiter.reject(new BrokerUnavailable('the broker went away'))
    },
    ready: () => current !== undefined,
    async call(queue, message, options) {
      if (current === undefined) throw new BrokerUnavailable('the broker is not connected')
      const { channel, replyTo } = current
      const correlationId = randomUUID()
      let timer: NodeJS.Timeout | undefined
      try {
        return await new Promise<Reply>((resolve, reject) => {
          waiting.set(correlationId, { resolve, reject })
          timer = setTimeout(
            () => reject(new ReplyTimeout(`no reply within ${options.timeoutMs} ms`)),
            options.timeoutMs,
          )
          publish(channel, queue, message, { replyTo, correlationId, headers: options.headers ?? {} }, reject)
        })
      } finally {
        clearTimeout(timer)
        waiting.delete(correlationId)
      }
    },
  }
}

function publish(
  channel: ConfirmChannel,
  queue: string,
  message: unknown,
  properties: Options.Publish,
  reject: (error: Error) => void,
) {
  const refused = () => reject(new BrokerUnavailable('the broker did not take the message'))
  const content = Buffer.from(JSON.stringify(message))
  try {
    channel.sendToQueue(
      queue,
      content,
      { persistent: true, contentType: 'application/json', ...properties },
      (error) => {
        if (error) refused()
      },
    )
  } catch {
    // The channel closed a moment ago and nobody has said so yet.
    refused()
  }
}

function parseReply(content: Buffer): Reply {
  const reply = JSON.parse(content.toString('utf8')) as Partial<Reply> | null
  if (reply?.status === 'success' || reply?.status === 'error') return reply as Reply
  throw new Error('the reply has no status')
}
