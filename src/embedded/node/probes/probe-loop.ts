/** Runs one probe again and again and says when its thresholds are passed (pkg/kubelet/prober/worker.go). */
import { type Clock, type Timer, untilBeat } from '../../../lib/clock.ts'
import type { CheckResult } from './check.ts'

export interface ProbeLoopOptions {
  probe: any
  clock: Clock
  check: () => Promise<CheckResult>
  /** Every failed run that counts. */
  failed: (output: string) => void
  /** The verdict changed: `successThreshold` passes or `failureThreshold` failures in a row. */
  verdict: (passed: boolean) => void
  /**
   * Look often until the first pass: the kubelet's runs fall anywhere in their period, so a pass counts whenever it
   * comes and a failure only at a period's end. Within the first period, or `always`, for a start that others wait for.
   */
  eager: 'never' | 'first period' | 'always'
}

const EAGER_FIRST_MS = 40
const EAGER_MAX_MS = 400

export class ProbeLoop {
  readonly #options: ProbeLoopOptions
  readonly #periodMs: number
  readonly #keepsLooking: boolean
  #timer: Timer | undefined
  #passes = 0
  #failures = 0
  #stopped = false

  constructor(options: ProbeLoopOptions) {
    this.#options = options
    const { probe } = options
    this.#periodMs = (probe.periodSeconds ?? 10) * 1000
    const delayMs = (probe.initialDelaySeconds ?? 0) * 1000
    // A command costs a process each time.
    const eager = options.eager !== 'never' && !probe.exec
    this.#keepsLooking = eager && options.eager === 'always'
    const countsFrom = options.clock.now() + delayMs + this.#periodMs
    this.#schedule(delayMs, () => (eager ? this.#look(EAGER_FIRST_MS, countsFrom) : this.#run()))
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #schedule(ms: number, work: () => Promise<void>): void {
    if (!this.#stopped) this.#timer = this.#options.clock.after(ms, () => void work())
  }

  #scheduleNext(): void {
    this.#schedule(untilBeat(this.#options.clock.now(), this.#periodMs), () => this.#run())
  }

  /** Looks on until the end of the next period. */
  #lookAgain(): void {
    const countsFrom = this.#options.clock.now() + this.#periodMs
    this.#schedule(EAGER_MAX_MS, () => this.#look(EAGER_MAX_MS, countsFrom))
  }

  /** A run whose failure does not count. */
  async #look(nextMs: number, countsFrom: number): Promise<void> {
    const result = await this.#options.check()
    if (this.#stopped) return
    if (result.passed) {
      this.#passed()
      this.#scheduleNext()
      return
    }
    const left = countsFrom - this.#options.clock.now()
    if (left <= nextMs) this.#schedule(Math.max(0, left), () => this.#run())
    else this.#schedule(nextMs, () => this.#look(Math.min(EAGER_MAX_MS, nextMs * 1.5), countsFrom))
  }

  async #run(): Promise<void> {
    const result = await this.#options.check()
    if (this.#stopped) return
    // Before the verdict: a verdict may stop this loop.
    if (result.passed || !this.#keepsLooking) this.#scheduleNext()
    else this.#lookAgain()
    if (result.passed) this.#passed()
    else {
      this.#passes = 0
      this.#failures++
      this.#options.failed(result.output)
      if (this.#failures >= (this.#options.probe.failureThreshold ?? 3)) this.#options.verdict(false)
    }
  }

  #passed(): void {
    this.#failures = 0
    this.#passes++
    if (this.#passes >= (this.#options.probe.successThreshold ?? 1)) this.#options.verdict(true)
  }
}
