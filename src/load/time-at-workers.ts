/** How long messages are at a worker on average, seen from outside: for workers that do not say so themselves. */

/** Milliseconds, means. */
export interface MeanTimes {
  /** Due, but not yet with a worker. */
  waiting: number
  /** Delivered and not yet acknowledged; with a prefetch of more than 1 that holds some waiting, too. */
  atWorker: number
}

/** Fewer looks that saw work, or fewer answers, make no figure that anybody should rely on. */
const LEAST_LOOKS = 5
const LEAST_ANSWERS = 20

/**
 * Little's law: what is at the workers on average is the rate of answers times the mean time there. So the area below
 * the curve of unacknowledged messages, divided by the answers, is that mean; what is left of the latency was waiting.
 */
export class TimeAtWorkers {
  #area = 0
  #looks = 0
  #last = { atMs: 0, unacked: 0 }

  /** What the broker said at `atMs` of the run. */
  look(atMs: number, unacked: number): void {
    this.#area += ((this.#last.unacked + unacked) / 2) * Math.max(0, atMs - this.#last.atMs)
    this.#last = { atMs, unacked }
    if (unacked > 0) this.#looks++
  }

  /** Null when too little was seen. */
  report(answers: number, meanLatencyMs: number): MeanTimes | null {
    if (this.#looks < LEAST_LOOKS || answers < LEAST_ANSWERS) return null
    const atWorker = Math.min(meanLatencyMs, this.#area / answers)
    return { waiting: Math.round(meanLatencyMs - atWorker), atWorker: Math.round(atWorker) }
  }
}
