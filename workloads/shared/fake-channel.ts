/** A channel for tests that remembers what was done to it, and confirms at once unless told otherwise. */
import type { ConfirmChannel, ConsumeMessage, Options } from 'amqplib'

interface Sent {
  queue: string
  body: any
  options: Options.Publish
}

export interface FakeChannel {
  channel: ConfirmChannel
  sent: Sent[]
  acked: ConsumeMessage[]
  /** What happened, in order: `assert Q`, `prefetch N`, `send Q`, `ack ID`, `cancel TAG`, `close`. */
  events: string[]
  /** Gives a message to the consumer of the queue; null as the broker does when the queue is deleted. */
  deliver(queue: string, message: ConsumeMessage | null): void
  /** Refuses every message from now on, as a channel does that is gone. */
  refuse(): void
}

/** A message as a consumer gets it. */
export function message(body: unknown, properties: Record<string, unknown> = {}): ConsumeMessage {
  const content = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return { content, fields: {}, properties: { headers: {}, ...properties } } as unknown as ConsumeMessage
}

export function fakeChannel(): FakeChannel {
  const consumers = new Map<string, (message: ConsumeMessage | null) => void>()
  let refusing = false
  const fake: Omit<FakeChannel, 'channel'> = {
    sent: [],
    acked: [],
    events: [],
    deliver: (queue, delivered) => consumers.get(queue)?.(delivered),
    refuse: () => {
      refusing = true
    },
  }
  const channel = {
    assertQueue: async (name: string) => {
      fake.events.push(`assert ${name}`)
      return { queue: name || 'amq.gen-1' }
    },
    prefetch: async (count: number) => void fake.events.push(`prefetch ${count}`),
    consume: async (queue: string, onMessage: (message: ConsumeMessage | null) => void) => {
      consumers.set(queue, onMessage)
      return { consumerTag: `tag-${queue}` }
    },
    cancel: async (tag: string) => void fake.events.push(`cancel ${tag}`),
    close: async () => void fake.events.push('close'),
    ack: (message: ConsumeMessage) => {
      fake.acked.push(message)
      fake.events.push(`ack ${message.properties.correlationId ?? ''}`.trim())
    },
    sendToQueue: (
      queue: string,
      content: Buffer,
      options: Options.Publish,
      confirmed: (error: unknown) => void,
    ) => {
      fake.sent.push({ queue, body: JSON.parse(content.toString()), options })
      fake.events.push(`send ${queue}`)
      confirmed(refusing ? new Error('channel closed') : null)
      return true
    },
  }
  return { ...fake, channel: channel as unknown as ConfirmChannel }
}
