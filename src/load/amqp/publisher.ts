/** Sends the messages, pipelined, each confirmed by the broker; on a connection of its own. */
import type { ChannelModel, ConfirmChannel, RecoveringChannelModel } from 'amqplib'
import { Gate } from '../gate.ts'
import type { TargetEvents } from '../target.ts'
import { type BrokerLogin, connectBroker } from './connect.ts'
import { declareQueues, declareReplyQueue } from './declare.ts'
import { correlationId, parseCorrelationId } from './replies.ts'

export interface PublisherOptions {
  access: BrokerLogin
  /** Names of the queues, by their place in the run. */
  queues: readonly string[]
  /** Request bodies per queue, used in turn. */
  payloads: readonly (readonly Buffer[])[]
  /** Part of every correlation id. */
  run: string
  /** Where answers are to go. */
  replyQueue: string
  /** Sent as header `x-task-ms`: how long a worker of the stack is to take. */
  taskMs?: number
}

/** Unconfirmed messages that may be under way: keeps the pipe full and memory small. */
const WINDOW = 2_000
/** When the window was full, sending goes on once so many are left: in batches, not one by one. */
const REOPEN = 1_500

export class Publisher {
  readonly #options: PublisherOptions
  readonly #events: TargetEvents
  readonly #gate = new Gate(() => this.hasRoom)
  readonly #properties
  #connection: RecoveringChannelModel | undefined
  #channel: ConfirmChannel | undefined
  #unconfirmed = 0
  #isFull = false
  #isStuck = false
  #connects = 0

  private constructor(options: PublisherOptions, events: TargetEvents) {
    this.#options = options
    this.#events = events
    // One object for all messages, whose correlation id changes: the library writes it out at once.
    this.#properties = {
      mandatory: true,
      persistent: true,
      contentType: 'application/json',
      replyTo: options.replyQueue,
      correlationId: '',
      headers: options.taskMs === undefined ? {} : { 'x-task-ms': options.taskMs },
    }
  }

  static async open(options: PublisherOptions, events: TargetEvents): Promise<Publisher> {
    const publisher = new Publisher(options, events)
    const connection = await connectBroker({
      access: options.access,
      name: 'devenv load: requests',
      setUp: (model) => publisher.#setUp(model),
      disconnected: (reason) => events.disconnected(reason),
    })
    connection.on('blocked', (reason) => events.blocked(String(reason)))
    connection.on('unblocked', () => events.unblocked())
    publisher.#connection = connection
    return publisher
  }

  get hasRoom(): boolean {
    return this.#channel !== undefined && !this.#isFull && !this.#isStuck
  }

  room(signal: AbortSignal): Promise<void> {
    return this.#gate.pass(signal)
  }

  send(queue: number, index: number): void {
    const channel = this.#channel
    // Lost since there was room: the message stays unconfirmed and goes out again after the reconnect.
    if (!channel) return
    const payloads = this.#options.payloads[queue]!
    const properties = this.#properties
    properties.correlationId = correlationId(this.#options.run, queue, index)
    const body = payloads[index % payloads.length]!
    const confirmed = (refusal: unknown) => this.#confirmed(channel, queue, index, refusal)
    try {
      this.#isStuck = !channel.publish('', this.#options.queues[queue]!, body, properties, confirmed)
      if (++this.#unconfirmed >= WINDOW) this.#isFull = true
    } catch (thrown) {
      // The channel is closing and says so later with its event; the same then.
      if (channel === this.#channel && !isClosing(thrown)) throw thrown
    }
  }

  async close(): Promise<void> {
    this.#channel = undefined
    await this.#connection?.close()
  }

  #confirmed(channel: ConfirmChannel, queue: number, index: number, refusal: unknown): void {
    // When a channel closes, the library calls back for all its unconfirmed messages as if they were refused.
    if (channel !== this.#channel) return
    if (refusal) this.#events.failed(queue, index, 'nack')
    else this.#events.confirmed(queue, index)
    if (--this.#unconfirmed > REOPEN || !this.#isFull) return
    this.#isFull = false
    this.#gate.changed()
  }

  /** Runs on every new connection, before anything may be sent on it. */
  async #setUp(model: ChannelModel): Promise<void> {
    const { queues, replyQueue, run } = this.#options
    await declareQueues(model, queues)
    await declareReplyQueue(model, replyQueue)
    const channel = await model.createConfirmChannel()
    channel.on('error', () => undefined)
    // First of the listeners, for the sake of `#confirmed`.
    channel.prependListener('close', () => this.#gone(channel, model))
    channel.on('return', (message) => {
      const id = parseCorrelationId(run, message.properties.correlationId)
      if (id) this.#events.returned(id.queue, id.index)
    })
    channel.on('drain', () => {
      this.#isStuck = false
      this.#gate.changed()
    })
    this.#channel = channel
    this.#unconfirmed = 0
    this.#isFull = false
    this.#isStuck = false
    if (this.#connects++ > 0) this.#events.reconnected()
    this.#gate.changed()
  }

  /** The channel is gone, with its connection or alone; in the second case a new connection mends it. */
  #gone(channel: ConfirmChannel, model: ChannelModel): void {
    if (channel !== this.#channel) return
    this.#channel = undefined
    model.close().catch(() => undefined)
  }
}

function isClosing(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'IllegalOperationError'
}
