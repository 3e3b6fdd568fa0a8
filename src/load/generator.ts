/**
 * Sends on schedule. Open loop: an arrival does not wait for the answers before it, and when sending itself falls
 * behind (no room at the broker, a lost connection), what is late is sent as soon as it can be, with its latency
 * still counted from when it was due. So a slow stack cannot hide by slowing the load down (coordinated omission).
 */
import type { QueueAccount } from './account.ts'
import type { RunTime } from './run-time.ts'
import type { Schedule } from './schedule.ts'
import type { LoadTarget } from './target.ts'

/** So often it looks whether something has to go out again. */
const CHECK_MS = 50

export class Generator {
  readonly #accounts: readonly QueueAccount[]
  readonly #schedule: Schedule
  readonly #target: LoadTarget
  readonly #time: RunTime
  readonly #signal: AbortSignal
  #resend = false

  constructor(
    accounts: readonly QueueAccount[],
    schedule: Schedule,
    target: LoadTarget,
    time: RunTime,
    signal: AbortSignal,
  ) {
    this.#accounts = accounts
    this.#schedule = schedule
    this.#target = target
    this.#time = time
    this.#signal = signal
  }

  /** The connection was lost and is there again: unconfirmed messages go out once more. */
  reconnected(): void {
    this.#resend = true
  }

  /** Starts the run's time with the first room, and resolves when the last message is out, or at `enough`. */
  async publishAll(enough?: AbortSignal): Promise<void> {
    await this.#target.room(this.#signal)
    this.#time.start()
    for (;;) {
      if (this.#resend) await this.resendUnconfirmed()
      const due = this.#schedule.next
      if (!due) return
      if (enough?.aborted) {
        for (const { ledger } of this.#accounts) ledger.close()
        return
      }
      const nowMs = this.#time.now()
      if (nowMs < due.dueMs) await this.#time.pause(Math.min(CHECK_MS, due.dueMs - nowMs), this.#signal)
      else if (!this.#target.hasRoom) await this.#target.room(this.#signal)
      else {
        const { queue, index, dueMs } = due
        this.#accounts[queue]!.publish(index, dueMs, nowMs)
        this.#target.send(queue, index)
        this.#schedule.take()
      }
    }
  }

  /** After a lost connection nobody knows whether the broker has them: twice is counted, lost is not allowed. */
  async resendUnconfirmed(): Promise<void> {
    while (this.#resend) {
      this.#resend = false
      for (const [queue, { ledger }] of this.#accounts.entries()) {
        for (const index of ledger.unconfirmed()) {
          await this.#target.room(this.#signal)
          if (this.#resend) break
          ledger.republish(index)
          this.#target.send(queue, index)
        }
      }
    }
  }
}
