/** Follows a worker's replicas through a run: first, peak, back to the floor. Pure. */

export interface ReplicaReport {
  /** Most ready replicas at once. */
  peak: number
  /** All times in milliseconds from the first publish; null when it did not happen. */
  timeToFirstMs: number | null
  timeToPeakMs: number | null
  timeToZeroMs: number | null
  /** From the last reply to zero. */
  drainToZeroMs: number | null
  /** Most replicas that the autoscaler asked for at once. */
  peakDesired: number
}

export interface Replicas {
  desired: number
  ready: number
  /** Pods that exist, also those that are ending. */
  current: number
}

/** `floor` is where the workload rests: KEDA's minReplicaCount, 0 in the stack. */
export class ReplicaTracker {
  readonly floor: number
  now: Replicas = { desired: 0, ready: 0, current: 0 }
  #peak = 0
  #peakDesired = 0
  #firstMs: number | null = null
  #peakMs: number | null = null
  #zeroMs: number | null = null

  constructor(floor = 0) {
    this.floor = floor
  }

  /** What the API says at `atMs` after the first publish; earlier looks have negative times. */
  observe(atMs: number, replicas: Replicas): void {
    this.now = replicas
    const { ready, desired } = replicas
    this.#peakDesired = Math.max(this.#peakDesired, desired)
    if (ready > this.floor) this.#firstMs ??= Math.max(0, atMs)
    if (ready > this.#peak) {
      this.#peak = ready
      this.#peakMs = Math.max(0, atMs)
    }
    // Only the last return counts: a worker may come back when the queue fills again.
    if (!this.atRest) this.#zeroMs = null
    else if (this.#firstMs !== null) this.#zeroMs ??= Math.max(0, atMs)
  }

  /** Nothing above the floor is wanted or left. */
  get atRest(): boolean {
    const { desired, ready, current } = this.now
    return desired <= this.floor && ready <= this.floor && current <= this.floor
  }

  report(lastReplyMs: number | null): ReplicaReport {
    return {
      peak: this.#peak,
      timeToFirstMs: round(this.#firstMs),
      timeToPeakMs: round(this.#peakMs),
      timeToZeroMs: round(this.#zeroMs),
      drainToZeroMs:
        this.#zeroMs === null || lastReplyMs === null ? null : round(Math.max(0, this.#zeroMs - lastReplyMs)),
      peakDesired: this.#peakDesired,
    }
  }
}

function round(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}
