/** The load's broker over AMQP: pipelined confirms, a reply queue of its own, and a connection that comes back. */
import { randomBytes } from 'node:crypto'
import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage, RecoveringChannelModel } from 'amqplib'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { type BrokerAccess, listQueues } from '../lib/rabbitmq.ts'
import {
  type BrokerEvents,
  correlationId,
  isFailedReply,
  type MessageId,
  parseCorrelationId,
  type TaskBroker,
} from './broker.ts'
import { Gate } from './gate.ts'
import type { TaskQueue } from './queues.ts'

export interface AmqpLoadOptions {
  access: BrokerAccess
  queues: readonly TaskQueue[]
  /** Request bodies per queue, used in turn. */
  payloads: readonly (readonly Buffer[])[]
  /** Sent as header `x-task-ms`: how long a worker of the stack is to take. */
  taskMs?: number
}

/** Unconfirmed messages that may be under way: keeps the pipe full and memory small. */
const WINDOW = 2_000
const PREFETCH = 500
const LONGEST_RETRY_MS = 2_000
/** A reply queue whose load was killed disappears by itself. */
const REPLY_QUEUE_EXPIRES_MS = 10 * 60_000

/**
 * Connects and is ready to send. The reply queue has one consumer only, us, but is neither exclusive to the
 * connection nor transient: answers that come while the connection is down wait there.
 */
export async function openAmqpBroker(options: AmqpLoadOptions, events: BrokerEvents): Promise<TaskBroker> {
  const broker = new AmqpBroker(options, events)
  await broker.open()
  return broker
}

class AmqpBroker implements TaskBroker {
  readonly #options: AmqpLoadOptions
  readonly #events: BrokerEvents
  readonly #run = randomBytes(6).toString('hex')
  readonly #replyQueue = `devenv.load.${this.#run}`
  readonly #gate = new Gate(() => this.#publishing !== undefined && !this.#full && this.#unconfirmed < WINDOW)
  #connection: RecoveringChannelModel | undefined
  #model: ChannelModel | undefined
  #publishing: ConfirmChannel | undefined
  #asking: Channel | undefined
  #unacknowledged: { channel: Channel; message: ConsumeMessage } | undefined
  #unconfirmed = 0
  #full = false
  #connects = 0

  constructor(options: AmqpLoadOptions, events: BrokerEvents) {
    this.#options = options
    this.#events = events
  }

  async open(): Promise<void> {
    const { connect } = await import('amqplib')
    const { host, port, username, password } = this.#options.access
    const server = { protocol: 'amqp', hostname: host, port, username, password, vhost: '/', heartbeat: 10 }
    const recovery = {
      initialMaxRetries: 0,
      maxDelay: LONGEST_RETRY_MS,
      setup: (model: ChannelModel) => this.#setUp(model),
    }
    const clientProperties = { connection_name: 'devenv load' }
    try {
      this.#connection = await connect(server, { clientProperties, timeout: 10_000, noDelay: true, recovery })
    } catch (thrown) {
      if (thrown instanceof DevenvError) throw thrown
      throw new DevenvError('STEP_FAILED', `RabbitMQ at ${host}:${port}: ${messageOf(thrown)}`, {
        cause: thrown,
        fix: 'npm run status shows whether the broker is up.',
      })
    }
    // The recovery follows; without a listener an 'error' event would end the process.
    this.#connection.on('error', () => undefined)
    this.#connection.on('disconnect', (reason) => this.#events.disconnected(messageOf(reason)))
  }

  room(signal: AbortSignal): Promise<void> {
    return this.#gate.pass(signal)
  }

  send(id: MessageId): void {
    const channel = this.#publishing
    // Lost since room() resolved: the message stays unconfirmed and goes out again after the reconnect.
    if (!channel) return
    try {
      const sent = this.#publish(channel, id)
      this.#unconfirmed++
      if (!sent) this.#full = true
    } catch (thrown) {
      // The channel is closing and says so later with its event; the same then.
      if (channel === this.#publishing && !isClosing(thrown)) throw thrown
    }
  }

  #publish(channel: ConfirmChannel, id: MessageId): boolean {
    const payloads = this.#options.payloads[id.queue]!
    const { taskMs } = this.#options
    const properties = {
      mandatory: true,
      persistent: true,
      contentType: 'application/json',
      replyTo: this.#replyQueue,
      correlationId: correlationId(this.#run, id),
      headers: taskMs === undefined ? {} : { 'x-task-ms': taskMs },
    }
    const body = payloads[id.index % payloads.length]!
    return channel.publish('', this.#options.queues[id.queue]!.name, body, properties, (refusal) => {
      if (channel !== this.#publishing) return
      this.#unconfirmed--
      if (refusal) this.#events.refused(id)
      else this.#events.confirmed(id)
      this.#gate.changed()
    })
  }

  async depth(queue: number): Promise<number | undefined> {
    try {
      return (await (await this.#askingChannel())?.checkQueue(this.#options.queues[queue]!.name))
        ?.messageCount
    } catch {
      return undefined
    }
  }

  async unacked(): Promise<number | undefined> {
    const names = new Set(this.#options.queues.map(({ name }) => name))
    try {
      const listed = await listQueues(this.#options.access)
      return listed.filter(({ name }) => names.has(name)).reduce((sum, queue) => sum + queue.unacked, 0)
    } catch {
      return undefined
    }
  }

  async close(): Promise<void> {
    const channel = await this.#askingChannel().catch(() => undefined)
    await channel?.deleteQueue(this.#replyQueue).catch(() => undefined)
    this.#model = undefined
    await this.#connection?.close()
  }

  /** Runs on every new connection, before anything may be sent on it. */
  async #setUp(model: ChannelModel): Promise<void> {
    // An 'error' of the connection before the recovery listens to it must not end the process.
    model.on('error', () => undefined)
    await declareQueues(model, this.#options.queues)
    const receiving = await model.createChannel()
    const publishing = await model.createConfirmChannel()
    for (const channel of [receiving, publishing]) {
      channel.on('error', () => undefined)
      // First of the listeners: amqplib's own calls back for all unconfirmed messages as if they were refused.
      channel.prependListener('close', () => this.#gone(model))
    }
    await receiving.assertQueue(this.#replyQueue, {
      durable: true,
      arguments: { 'x-expires': REPLY_QUEUE_EXPIRES_MS },
    })
    publishing.on('return', (message) => {
      const id = parseCorrelationId(this.#run, message.properties.correlationId)
      if (id) this.#events.refused(id)
    })
    publishing.on('drain', () => {
      this.#full = false
      this.#gate.changed()
    })
    this.#model = model
    this.#publishing = publishing
    this.#unconfirmed = 0
    this.#full = false
    await receiving.prefetch(PREFETCH)
    await receiving.consume(this.#replyQueue, (message) => this.#receive(receiving, message), {
      exclusive: true,
    })
    if (this.#connects++ > 0) this.#events.reconnected()
    this.#gate.changed()
  }

  #receive(channel: Channel, message: ConsumeMessage | null): void {
    // Null: the broker cancelled our consumer, because the reply queue was deleted under it.
    if (!message) return
    const id = parseCorrelationId(this.#run, message.properties.correlationId)
    this.#events.replied(id, isFailedReply(message.content), message.fields.redelivered)
    this.#acknowledge(channel, message)
  }

  /** One frame for all messages that the socket brought at once; what a lost connection leaves comes again. */
  #acknowledge(channel: Channel, message: ConsumeMessage): void {
    const scheduled = this.#unacknowledged?.channel === channel
    this.#unacknowledged = { channel, message }
    if (scheduled) return
    setImmediate(() => {
      const last = this.#unacknowledged
      if (last?.channel !== channel) return
      this.#unacknowledged = undefined
      if (this.#model) channel.ack(last.message, true)
    })
  }

  /** A channel is gone, with its connection or alone; in the second case a new connection mends it. */
  #gone(model: ChannelModel): void {
    if (model !== this.#model) return
    this.#model = undefined
    this.#publishing = undefined
    this.#asking = undefined
    this.#unacknowledged = undefined
    model.close().catch(() => undefined)
  }

  /** The channel for questions: the broker closes it when asked for a queue that is not there. */
  async #askingChannel(): Promise<Channel | undefined> {
    if (this.#asking || !this.#model) return this.#asking
    const channel = await this.#model.createChannel()
    channel.on('error', () => undefined)
    channel.on('close', () => {
      if (this.#asking === channel) this.#asking = undefined
    })
    this.#asking = channel
    return channel
  }
}

/**
 * Makes sure that the queues are there, durable as the stack has them: a worker at zero replicas declares
 * none. A queue that exists is left as it is, whatever its arguments.
 */
async function declareQueues(model: ChannelModel, queues: readonly TaskQueue[]): Promise<void> {
  for (const { name } of queues) {
    // A check of a queue that is not there closes the channel, so each gets its own.
    const channel = await model.createChannel()
    let missing = false
    channel.on('error', () => {
      missing = true
    })
    await channel.checkQueue(name).catch(() => undefined)
    if (!missing) {
      await channel.close()
      continue
    }
    const declaring = await model.createChannel()
    await declaring.assertQueue(name, { durable: true })
    await declaring.close()
  }
}

function isClosing(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'IllegalOperationError'
}
