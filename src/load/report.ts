/** What `load --json` prints, and the figures of one queue while the load runs. */
import { build, type Histogram } from 'hdr-histogram-js'
import { Ledger } from './ledger.ts'
import type { TaskQueue } from './queues.ts'
import { type ReplicaReport, ReplicaTracker } from './replicas.ts'

export interface LatencyReport {
  p50: number
  p95: number
  p99: number
  max: number
}

export interface QueueReport {
  published: number
  confirmed: number
  replied: number
  /** Published, and certain never to be answered. */
  lost: number
  /** Published, without an answer when the run ended early or did not wait. */
  unanswered: number
  /** Answers that say `status: error`. */
  errors: number
  duplicates: number
  /** From the moment a message was due to its answer; null without answers. */
  latencyMs: LatencyReport | null
  replicas: ReplicaReport
}

export interface LoadReport {
  apiVersion: 'devenv/v1'
  kind: 'LoadReport'
  queues: Record<string, QueueReport>
  durationMs: number
  profile: string
  /** Times that the connection to the broker was lost and made again. */
  reconnects: number
  /** Whether answers were waited for. */
  waited: boolean
}

// Latencies up to a day, in tenths of a millisecond, three significant digits: some hundred kilobytes.
const SCALE = 10
const HIGHEST = 24 * 3600 * 1000 * SCALE

/** Everything that is known about one queue's load. */
export class QueueAccount {
  readonly queue: TaskQueue
  readonly ledger: Ledger
  readonly replicas: ReplicaTracker
  errors = 0
  /** Ready messages when the broker was last asked. */
  depth = 0
  lastReplyMs: number | null = null
  readonly #latency: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST,
    numberOfSignificantValueDigits: 3,
  })

  /** `floor` is where the queue's worker rests. */
  constructor(queue: TaskQueue, messages: number, floor = 0) {
    this.queue = queue
    this.ledger = new Ledger(messages)
    this.replicas = new ReplicaTracker(floor)
  }

  /** Books an answer to message `index` that came `nowMs` after the first publish. */
  reply(index: number, nowMs: number, failed: boolean, redelivered = false): void {
    if (redelivered && this.ledger.isReplied(index)) return
    const { outcome, latencyMs } = this.ledger.reply(index, nowMs)
    if (outcome !== 'first') return
    this.lastReplyMs = nowMs
    if (failed) this.errors++
    this.#latency.recordValue(Math.min(HIGHEST, Math.max(1, Math.round(latencyMs * SCALE))))
  }

  latency(): LatencyReport | null {
    if (this.#latency.totalCount === 0) return null
    // The histogram answers with the upper end of a bucket, which may lie above the largest value.
    const at = (percentile: number) =>
      Math.min(this.#latency.getValueAtPercentile(percentile), this.#latency.maxValue) / SCALE
    return { p50: at(50), p95: at(95), p99: at(99), max: this.#latency.maxValue / SCALE }
  }

  /** `final`: no more answers can come, so every missing one is lost; else only what the broker refused. */
  report(final: boolean): QueueReport {
    const { published, confirmed, replied, duplicates, refused, lost, outstanding } = this.ledger
    return {
      published,
      confirmed,
      replied,
      lost: final ? lost : refused,
      unanswered: final ? 0 : outstanding,
      errors: this.errors,
      duplicates,
      latencyMs: this.latency(),
      replicas: this.replicas.report(this.lastReplyMs),
    }
  }
}

/** Messages lost over all queues. */
export function totalLost(report: LoadReport): number {
  return Object.values(report.queues).reduce((sum, queue) => sum + queue.lost, 0)
}
