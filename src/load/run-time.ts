/** The time of one run: milliseconds from its start, and pauses that its end interrupts. */
import { type Clock, systemClock } from '../lib/clock.ts'

/** Monotonic, to a fraction of a millisecond: latencies must not jump when the machine's time is set. */
export const steadyClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: systemClock.after,
}

export class RunTime {
  readonly #clock: Clock
  #startedAt: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** From here on time counts. */
  start(): void {
    this.#startedAt ??= this.#clock.now()
  }

  get isStarted(): boolean {
    return this.#startedAt !== undefined
  }

  /** Milliseconds since the epoch; now, when it has not started. */
  get startedAt(): number {
    return this.#startedAt ?? this.#clock.now()
  }

  /** 0 before the start. */
  now(): number {
    return this.#startedAt === undefined ? 0 : this.#clock.now() - this.#startedAt
  }

  /** Rejects with the signal's reason when it aborts meanwhile. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await new Promise<void>((resolve) => {
      const wake = () => {
        timer.cancel()
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = this.#clock.after(ms, wake)
      signal.addEventListener('abort', wake, { once: true })
    })
    signal.throwIfAborted()
  }
}
