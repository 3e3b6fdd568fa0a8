/** Everything that is known about one queue's load while it runs. */
import { Latencies } from './latency.ts'
import { Ledger } from './ledger.ts'
import type { TaskQueue } from './queues.ts'
import { ReplicaTracker } from './replicas.ts'
import type { QueueReport } from './report.ts'
import type { Reply } from './target.ts'
import { TimeAtWorkers } from './time-at-workers.ts'

export class QueueAccount {
  readonly queue: TaskQueue
  readonly ledger: Ledger
  readonly replicas: ReplicaTracker
  /** Answers that say that the task failed. */
  errors = 0
  /** At the broker when it was last asked. */
  depth = 0
  unacked = 0
  lastReplyMs: number | null = null
  lastConfirmMs: number | null = null
  /** From due time to answer. */
  readonly latency = new Latencies()
  /** The same, of the answers since the last sample. */
  readonly recent = new Latencies()
  /** From due time to the worker's taking it up: the answer's latency less what the worker says it took. */
  readonly queueWait = new Latencies()
  readonly service = new Latencies()
  /** The same from outside, for workers that do not say it. */
  readonly timeAtWorkers = new TimeAtWorkers()
  /** How late the generator itself was: from due time to sending. */
  readonly lateness = new Latencies()
  /** How often each HTTP status, or each reason of a request that failed, was seen. */
  readonly outcomes = new Map<string, number>()

  /** `floor` is where the queue's worker rests. */
  constructor(queue: TaskQueue, messages: number, floor = 0) {
    this.queue = queue
    this.ledger = new Ledger(messages)
    this.replicas = new ReplicaTracker(floor)
  }

  /** Books that message `index`, due at `dueMs`, went out at `nowMs`. */
  publish(index: number, dueMs: number, nowMs: number): void {
    this.ledger.publish(index, dueMs)
    this.lateness.record(nowMs - dueMs)
  }

  /** Books that the broker took responsibility for it at `nowMs`. */
  confirm(index: number, nowMs: number): void {
    this.ledger.confirm(index)
    this.lastConfirmMs = nowMs
  }

  /** Books that it was not taken. */
  fail(index: number, why: string): void {
    this.ledger.fail(index)
    this.#count(why)
  }

  /** Books an answer that came at `nowMs`. */
  reply(index: number, nowMs: number, { failed, redelivered, serviceMs, status }: Reply): void {
    if (redelivered && this.ledger.isReplied(index)) return
    const { outcome, latencyMs } = this.ledger.reply(index, nowMs)
    if (outcome !== 'first') return
    this.lastReplyMs = nowMs
    if (failed) this.errors++
    if (status !== undefined) this.#count(String(status))
    this.latency.record(latencyMs)
    this.recent.record(latencyMs)
    if (serviceMs === undefined) return
    this.service.record(serviceMs)
    this.queueWait.record(Math.max(0, latencyMs - serviceMs))
  }

  /** `final`: no more answers can come, so every missing one is lost; else only what was refused. */
  report(final: boolean): QueueReport {
    const { ledger } = this
    const latencyMs = this.latency.report()
    return {
      published: ledger.published,
      confirmed: ledger.confirmed,
      replied: ledger.replied,
      lost: final ? ledger.lost : ledger.refused,
      unanswered: final ? 0 : ledger.outstanding,
      errors: this.errors,
      duplicates: ledger.duplicates,
      returned: ledger.returned,
      failed: ledger.failed,
      republished: ledger.republished,
      republishDuplicates: ledger.republishDuplicates,
      latencyMs,
      queueWaitMs: this.queueWait.report(),
      serviceMs: this.service.report(),
      meanTimesMs: latencyMs && this.timeAtWorkers.report(ledger.replied, latencyMs.mean),
      latenessMs: this.lateness.report(),
      ...(this.outcomes.size === 0 ? {} : { outcomes: Object.fromEntries(this.outcomes) }),
      replicas: this.replicas.report(this.lastReplyMs),
    }
  }

  #count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1)
  }
}
