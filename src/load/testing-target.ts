/** A broker in memory with one worker per queue, that can lose, repeat and refuse messages: for tests. */
import type { Clock } from '../lib/clock.ts'
import type { LoadTarget, QueueDepth, TargetEvents } from './target.ts'

interface Sent {
  queue: number
  index: number
}

export interface Faults {
  /** The worker takes the message and never answers. */
  loses?: (message: Sent) => boolean
  /** The worker answers twice. */
  repeats?: (message: Sent) => boolean
  /** The worker's answer says error. */
  fails?: (message: Sent) => boolean
  /** There is no queue for it. */
  unroutable?: (message: Sent) => boolean
  /** Sent messages vanish without a confirm, as when the connection breaks. */
  swallows?: (message: Sent) => boolean
}

/** Each task takes `taskMs` on the clock; confirms come at once. */
export class TestingTarget implements LoadTarget {
  readonly sent: Sent[] = []
  closed = false
  /** Whether messages are taken: false is a broker that blocks. */
  hasRoom = true
  readonly #events: TargetEvents
  readonly #clock: Clock
  readonly #taskMs: number
  readonly #faults: Faults
  readonly #queued = new Map<number, number>()
  readonly #working = new Map<number, number>()

  constructor(events: TargetEvents, clock: Clock, taskMs: number, faults: Faults = {}) {
    this.#events = events
    this.#clock = clock
    this.#taskMs = taskMs
    this.#faults = faults
  }

  async room(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    while (!this.hasRoom) {
      await new Promise<void>((resolve) => this.#clock.after(10, resolve))
      signal.throwIfAborted()
    }
  }

  send(queue: number, index: number): void {
    const message = { queue, index }
    this.sent.push(message)
    if (this.#faults.swallows?.(message)) return
    if (this.#faults.unroutable?.(message)) this.#events.returned(queue, index)
    else this.#queue(message)
    this.#events.confirmed(queue, index)
  }

  async depths(): Promise<QueueDepth[]> {
    return [0, 1, 2].map((queue) => ({
      ready: this.#queued.get(queue) ?? 0,
      unacked: this.#working.get(queue) ?? 0,
    }))
  }

  async close(): Promise<void> {
    this.closed = true
  }

  /** What a broken and mended connection looks like from the load's side. */
  reconnect(): void {
    this.#events.disconnected('socket closed')
    this.#events.reconnected()
  }

  block(): void {
    this.hasRoom = false
    this.#events.blocked('low on memory')
  }

  unblock(): void {
    this.hasRoom = true
    this.#events.unblocked()
  }

  #queue(message: Sent): void {
    const { queue } = message
    const place = add(this.#queued, queue, 1)
    this.#clock.after(this.#taskMs * (place - 1), () => {
      add(this.#queued, queue, -1)
      add(this.#working, queue, 1)
      this.#clock.after(this.#taskMs, () => this.#finish(message))
    })
  }

  #finish(message: Sent): void {
    const { queue, index } = message
    add(this.#working, queue, -1)
    if (this.#faults.loses?.(message)) return
    const reply = { failed: this.#faults.fails?.(message) ?? false, serviceMs: this.#taskMs }
    this.#events.replied(queue, index, reply)
    if (this.#faults.repeats?.(message)) this.#events.replied(queue, index, reply)
  }
}

function add(counts: Map<number, number>, queue: number, change: number): number {
  const count = (counts.get(queue) ?? 0) + change
  counts.set(queue, count)
  return count
}
