/** Looks once a second for as long as somebody watches, and tells everybody who does; at rest it does nothing. */
import { type Clock, systemClock, type Timer } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import type { RunRecord } from '../lib/record.ts'
import { absentStatus } from '../status/status.ts'
import { type Observer, observe, sampleOf } from './observe.ts'
import type { Sample, Snapshot } from './snapshot.ts'

const LOOK_MS = 1_000
/** Ten minutes of the charts. */
const MOST_SAMPLES = 600

export interface FeedPorts {
  name: string
  /** The record as it is now: `up` and `down` may come and go while the page is open. */
  readRecord: () => Promise<RunRecord | undefined>
  observe?: (record: RunRecord) => Observer
  clock?: Clock
}

/** Told in this order: the history once, then pairs of snapshot and sample; a failed look is told as a sentence. */
export interface Watcher {
  history(samples: readonly Sample[]): void
  snapshot(snapshot: Snapshot, sample: Sample): void
  trouble(message: string): void
}

export class Feed implements AsyncDisposable {
  readonly #ports: FeedPorts
  readonly #clock: Clock
  readonly #watchers = new Set<Watcher>()
  readonly #history: Sample[] = []
  #observer: { of: string; observer: Observer } | undefined
  #last: Snapshot | undefined
  #timer: Timer | undefined
  #looking: Promise<void> | undefined
  #closed = false

  constructor(ports: FeedPorts) {
    this.#ports = ports
    this.#clock = ports.clock ?? systemClock
  }

  /** Begins to tell; the answer ends it. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    watcher.history(this.#history)
    if (this.#last) watcher.snapshot(this.#last, sampleOf(this.#last))
    this.#next(0)
    return () => {
      this.#watchers.delete(watcher)
      if (this.#watchers.size === 0) this.#timer?.cancel()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#timer?.cancel()
    await this.#looking
    await this.#observer?.observer[Symbol.asyncDispose]()
  }

  #next(ms: number): void {
    this.#timer?.cancel()
    if (this.#closed || this.#watchers.size === 0 || this.#looking) return
    this.#timer = this.#clock.after(ms, () => {
      this.#looking = this.#look().finally(() => {
        this.#looking = undefined
        this.#next(LOOK_MS)
      })
    })
  }

  async #look(): Promise<void> {
    try {
      const snapshot = await this.#snapshot()
      const sample = sampleOf(snapshot)
      this.#last = snapshot
      this.#history.push(sample)
      if (this.#history.length > MOST_SAMPLES) this.#history.shift()
      for (const watcher of this.#watchers) watcher.snapshot(snapshot, sample)
    } catch (thrown) {
      for (const watcher of this.#watchers) watcher.trouble(messageOf(thrown))
    }
  }

  async #snapshot(): Promise<Snapshot> {
    const record = await this.#ports.readRecord()
    const of = JSON.stringify(record)
    if (this.#observer && this.#observer.of !== of) {
      await this.#observer.observer[Symbol.asyncDispose]()
      this.#observer = undefined
    }
    if (!record)
      return {
        at: this.#clock.now(),
        status: absentStatus(this.#ports.name),
        canaries: [],
        pods: [],
        events: [],
      }
    this.#observer ??= { of, observer: (this.#ports.observe ?? observe)(record) }
    return await this.#observer.observer.look()
  }
}
