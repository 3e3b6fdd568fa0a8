/** `--ttl`: when an environment removes itself. */
import type { Clock, Timer } from '../../lib/clock.ts'

/** Timers hold 24 days at most, and do not count while a laptop sleeps: the clock is looked at now and then. */
const LONGEST_LOOK_MS = 60_000

export class Expiry {
  readonly #clock: Clock
  readonly #expire: () => void
  #at: number | undefined
  #timer: Timer | undefined

  /** `expire` is called once, at or soon after the time that was set last. */
  constructor(clock: Clock, expire: () => void) {
    this.#clock = clock
    this.#expire = expire
  }

  /** Milliseconds of the clock; undefined takes the limit away. */
  set(at: number | undefined): void {
    this.#at = at
    this.#look()
  }

  #look(): void {
    this.#timer?.cancel()
    if (this.#at === undefined) return
    const left = this.#at - this.#clock.now()
    if (left <= 0) {
      this.#at = undefined
      this.#expire()
      return
    }
    this.#timer = this.#clock.after(Math.min(left, LONGEST_LOOK_MS), () => this.#look())
  }
}

/** A new time to live counts from now; without one an earlier limit that has not passed stays. */
export function expiresAt(
  now: number,
  ttlMs: number | undefined,
  earlier: number | undefined,
): number | undefined {
  if (ttlMs !== undefined) return now + ttlMs
  return earlier !== undefined && earlier > now ? earlier : undefined
}
