/** What happened to the connection to the broker during a run, as figures and as a note for people. */
import type { RunTime } from './run-time.ts'
import type { TimelineRecorder } from './timeline-recorder.ts'

export class ConnectionLog {
  readonly #time: RunTime
  readonly #recorder: TimelineRecorder
  reconnects = 0
  #lost: string | undefined
  #blocked: { reason: string; sinceMs: number } | undefined
  #blockedTimes = 0
  #blockedMs = 0

  constructor(time: RunTime, recorder: TimelineRecorder) {
    this.#time = time
    this.#recorder = recorder
  }

  disconnected(reason: string): void {
    if (this.#lost === undefined) this.#event(`connection lost: ${reason}`)
    this.#lost = reason
    // A new connection starts unblocked, or is told.
    this.unblocked()
  }

  reconnected(): void {
    this.#lost = undefined
    this.reconnects++
    this.#event('connected again')
  }

  blocked(reason: string): void {
    if (this.#blocked) return
    this.#blocked = { reason, sinceMs: this.#time.now() }
    this.#blockedTimes++
    this.#event(`takes no messages: ${reason}`)
  }

  unblocked(): void {
    if (!this.#blocked) return
    this.#blockedMs += this.#time.now() - this.#blocked.sinceMs
    this.#blocked = undefined
    this.#event('takes messages again')
  }

  /** What is wrong now; empty when nothing is. */
  get note(): string {
    if (this.#lost !== undefined) return `connection to the broker lost (${this.#lost}), trying again`
    return this.#blocked ? `the broker takes no messages (${this.#blocked.reason}), waiting` : ''
  }

  get blockedReport(): { times: number; totalMs: number } {
    const going = this.#blocked ? this.#time.now() - this.#blocked.sinceMs : 0
    return { times: this.#blockedTimes, totalMs: Math.round(this.#blockedMs + going) }
  }

  #event(text: string): void {
    this.#recorder.event(this.#time.now(), 'broker', text)
  }
}
