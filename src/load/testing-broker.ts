/** A broker in memory with one worker per queue, that can lose, repeat and refuse messages: for tests. */
import type { Clock } from '../lib/clock.ts'
import type { BrokerEvents, MessageId, TaskBroker } from './broker.ts'

export interface Faults {
  /** The worker takes the message and never answers. */
  loses?: (id: MessageId) => boolean
  /** The worker answers twice. */
  repeats?: (id: MessageId) => boolean
  /** The worker's answer says error. */
  fails?: (id: MessageId) => boolean
  /** There is no queue for it. */
  unroutable?: (id: MessageId) => boolean
  /** Sent messages vanish without a confirm, as when the connection breaks. */
  swallows?: (id: MessageId) => boolean
}

/** Each task takes `taskMs` on the clock; confirms come at once. */
export class TestingBroker implements TaskBroker {
  readonly sent: MessageId[] = []
  closed = false
  readonly #events: BrokerEvents
  readonly #clock: Clock
  readonly #taskMs: number
  readonly #faults: Faults
  readonly #queued = new Map<number, number>()
  #working = 0

  constructor(events: BrokerEvents, clock: Clock, taskMs: number, faults: Faults = {}) {
    this.#events = events
    this.#clock = clock
    this.#taskMs = taskMs
    this.#faults = faults
  }

  async room(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
  }

  send(id: MessageId): void {
    this.sent.push(id)
    if (this.#faults.swallows?.(id)) return
    if (this.#faults.unroutable?.(id)) this.#events.refused(id)
    else this.#queue(id)
    this.#events.confirmed(id)
  }

  async depth(queue: number): Promise<number> {
    return this.#queued.get(queue) ?? 0
  }

  async unacked(): Promise<number> {
    return this.#working
  }

  async close(): Promise<void> {
    this.closed = true
  }

  /** What a broken and mended connection looks like from the load's side. */
  reconnect(): void {
    this.#events.disconnected('socket closed')
    this.#events.reconnected()
  }

  #queue(id: MessageId): void {
    const place = (this.#queued.get(id.queue) ?? 0) + 1
    this.#queued.set(id.queue, place)
    this.#clock.after(this.#taskMs * (place - 1), () => {
      this.#queued.set(id.queue, (this.#queued.get(id.queue) ?? 1) - 1)
      this.#working++
      this.#clock.after(this.#taskMs, () => this.#finish(id))
    })
  }

  #finish(id: MessageId): void {
    this.#working--
    if (this.#faults.loses?.(id)) return
    const failed = this.#faults.fails?.(id) ?? false
    this.#events.replied(id, failed, false)
    if (this.#faults.repeats?.(id)) this.#events.replied(id, failed, false)
  }
}
