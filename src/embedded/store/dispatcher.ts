/** Carries events to subscribers, in order, also when a subscriber writes while it is told. */
import type { StoreEvent } from './history.ts'

interface Subscriber {
  /** Events up to this revision were visible when it subscribed. */
  after: number
  handler: (event: StoreEvent) => void
}

const ANY = '*'

/** One queue for all: no subscriber sees a later event before every subscriber saw the earlier one. */
export class Dispatcher {
  readonly #subscribers = new Map<string, Set<Subscriber>>()
  readonly #queue: StoreEvent[] = []
  readonly #failed: (thrown: unknown) => void
  #busy = false

  /** `failed` hears of handlers that throw: their bug must neither undo the write nor starve the others. */
  constructor(failed: (thrown: unknown) => void) {
    this.#failed = failed
  }

  subscribe(bucket: string | undefined, after: number, handler: (event: StoreEvent) => void): Disposable {
    const key = bucket ?? ANY
    const subscriber = { after, handler }
    const peers = this.#subscribers.get(key) ?? new Set()
    this.#subscribers.set(key, peers.add(subscriber))
    return {
      [Symbol.dispose]: () => {
        peers.delete(subscriber)
      },
    }
  }

  publish(event: StoreEvent): void {
    this.#queue.push(event)
    if (this.#busy) return
    this.#busy = true
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#deliver(next)
    } finally {
      this.#busy = false
    }
  }

  #deliver(event: StoreEvent): void {
    for (const key of [event.bucket, ANY]) {
      for (const subscriber of this.#subscribers.get(key) ?? []) {
        if (event.revision <= subscriber.after) continue
        try {
          subscriber.handler(event)
        } catch (thrown) {
          this.#failed(thrown)
        }
      }
    }
  }
}
