/** The work queue: keys are deduplicated, never worked on twice at once, and come back with backoff. */
import type { Clock, Timer } from '../../../lib/clock.ts'

export interface QueueOptions {
  clock: Clock
  concurrency: number
  backoff: { baseMs: number; maxMs: number }
  /** Works on one key. A throw is reported to `failed` and requeues with backoff. */
  work: (key: string) => Promise<{ requeueAfterMs?: number } | undefined>
  failed: (key: string, thrown: unknown, retryInMs: number) => void
}

/** A client-go style rate-limited queue. */
export class WorkQueue {
  readonly #options: QueueOptions
  readonly #ready = new Set<string>()
  readonly #active = new Set<string>()
  readonly #again = new Set<string>()
  readonly #timers = new Map<string, { at: number; timer: Timer }>()
  readonly #failures = new Map<string, number>()
  #stopped = false

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** Adds a key now, or `afterMs` from now; of two delayed adds the earlier one counts. */
  add(key: string, afterMs = 0): void {
    if (this.#stopped) return
    if (afterMs > 0) {
      this.#delay(key, afterMs)
      return
    }
    if (this.#active.has(key)) {
      this.#again.add(key)
      return
    }
    if (this.#ready.has(key)) return
    this.#ready.add(key)
    setImmediate(() => this.#pump())
  }

  /** Drops everything that waits. What is being worked on ends by itself. */
  stop(): void {
    this.#stopped = true
    this.#ready.clear()
    this.#again.clear()
    for (const { timer } of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  /** True when nothing is ready and nothing is being worked on (delayed keys do not count). */
  get idle(): boolean {
    return this.#ready.size === 0 && this.#active.size === 0
  }

  #delay(key: string, afterMs: number): void {
    const at = this.#options.clock.now() + afterMs
    const waiting = this.#timers.get(key)
    if (waiting && waiting.at <= at) return
    waiting?.timer.cancel()
    const timer = this.#options.clock.after(afterMs, () => {
      this.#timers.delete(key)
      this.add(key)
    })
    this.#timers.set(key, { at, timer })
  }

  #pump(): void {
    while (!this.#stopped && this.#active.size < this.#options.concurrency) {
      const next = this.#ready.values().next()
      if (next.done) return
      this.#ready.delete(next.value)
      this.#active.add(next.value)
      void this.#run(next.value)
    }
  }

  async #run(key: string): Promise<void> {
    try {
      const result = await this.#options.work(key)
      this.#failures.delete(key)
      if (result?.requeueAfterMs !== undefined) this.#delay(key, Math.max(1, result.requeueAfterMs))
    } catch (thrown) {
      const failures = this.#failures.get(key) ?? 0
      this.#failures.set(key, failures + 1)
      const { baseMs, maxMs } = this.#options.backoff
      const retryInMs = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30))
      this.#options.failed(key, thrown, retryInMs)
      if (!this.#stopped) this.#delay(key, retryInMs)
    } finally {
      this.#active.delete(key)
      if (this.#again.delete(key)) this.add(key)
      this.#pump()
    }
  }
}
