/** CrashLoopBackOff: when a container that ended may start again (pkg/kubelet, client-go flowcontrol.Backoff). */

const INITIAL_MS = 10_000
const MAX_MS = 300_000
/** A run of this length forgets the crashes before it. */
const RESET_AFTER_MS = 2 * MAX_MS

export class Backoff {
  #delayMs = 0

  /** Takes note of an end (or a failed pull); answers how long to wait from then on, in ms. */
  failed(ranForMs: number): number {
    if (ranForMs >= RESET_AFTER_MS) this.#delayMs = 0
    const wait = this.#delayMs
    this.#delayMs = wait === 0 ? INITIAL_MS : Math.min(MAX_MS, wait * 2)
    return wait
  }
}

/** `10s`, `1m20s`, `5m0s`: as Go prints a duration. */
export function formatDelay(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}
