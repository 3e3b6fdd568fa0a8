/**
 * Takes the answers and asks for depths; on a connection of its own, because a broker that is short of memory or
 * disk stops reading from those that publish.
 */
import type { Channel, ChannelModel, ConsumeMessage, RecoveringChannelModel } from 'amqplib'
import type { TargetEvents } from '../target.ts'
import { type BrokerLogin, connectBroker } from './connect.ts'
import { declareQueues, declareReplyQueue } from './declare.ts'
import { isFailedReply, parseCorrelationId, serviceMsOf } from './replies.ts'

export interface ReceiverOptions {
  access: BrokerLogin
  queues: readonly string[]
  run: string
  replyQueue: string
}

const PREFETCH = 500
const NOT_FOUND = 404

export class Receiver {
  readonly #options: ReceiverOptions
  readonly #events: Pick<TargetEvents, 'replied' | 'stray'>
  #connection: RecoveringChannelModel | undefined
  #model: ChannelModel | undefined
  #asking: Channel | undefined
  #unacknowledged: { channel: Channel; message: ConsumeMessage } | undefined

  private constructor(options: ReceiverOptions, events: TargetEvents) {
    this.#options = options
    this.#events = events
  }

  static async open(options: ReceiverOptions, events: TargetEvents): Promise<Receiver> {
    const receiver = new Receiver(options, events)
    receiver.#connection = await connectBroker({
      access: options.access,
      name: 'devenv load: answers',
      setUp: (model) => receiver.#setUp(model),
      // The publisher's connection goes the same way and is the one that counts.
      disconnected: () => undefined,
    })
    return receiver
  }

  /** Ready messages of each queue, or undefined while the broker cannot be asked. */
  async depths(): Promise<(number | undefined)[]> {
    const depths: (number | undefined)[] = []
    // One by one: a question about a queue that is not there closes the channel for those that wait behind it.
    for (const name of this.#options.queues) depths.push(await this.#depth(name))
    return depths
  }

  async #depth(name: string): Promise<number | undefined> {
    try {
      return (await (await this.#askingChannel())?.checkQueue(name))?.messageCount
    } catch (thrown) {
      // A queue that was deleted holds nothing: its messages are lost, which must show.
      return (thrown as { code?: unknown }).code === NOT_FOUND ? 0 : undefined
    }
  }

  /** Removes the reply queue too. */
  async close(): Promise<void> {
    const channel = await this.#askingChannel().catch(() => undefined)
    await channel?.deleteQueue(this.#options.replyQueue).catch(() => undefined)
    this.#model = undefined
    await this.#connection?.close()
  }

  async #setUp(model: ChannelModel): Promise<void> {
    const { queues, replyQueue } = this.#options
    await declareQueues(model, queues)
    await declareReplyQueue(model, replyQueue)
    const channel = await model.createChannel()
    channel.on('error', () => undefined)
    channel.on('close', () => this.#gone(model))
    await channel.prefetch(PREFETCH)
    this.#model = model
    await channel.consume(replyQueue, (message) => this.#receive(channel, model, message), {
      exclusive: true,
    })
  }

  #receive(channel: Channel, model: ChannelModel, message: ConsumeMessage | null): void {
    if (!message) {
      // The broker cancelled our consumer, because the reply queue was deleted: a new connection declares it anew.
      this.#gone(model)
      return
    }
    const { correlationId, headers } = message.properties
    const id = parseCorrelationId(this.#options.run, correlationId)
    if (id) {
      const serviceMs = serviceMsOf(headers)
      this.#events.replied(id.queue, id.index, {
        failed: isFailedReply(message.content),
        redelivered: message.fields.redelivered,
        ...(serviceMs === undefined ? {} : { serviceMs }),
      })
    } else this.#events.stray()
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

  #gone(model: ChannelModel): void {
    if (model !== this.#model) return
    this.#model = undefined
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
