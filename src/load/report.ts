/** What `load --json` prints. */
import type { Process } from './arrivals.ts'
import type { LatencyReport } from './latency.ts'
import type { ReplicaReport } from './replicas.ts'
import type { MeanTimes } from './time-at-workers.ts'

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
  /** Further answers to messages that went out once: a worker did the task twice. */
  duplicates: number
  /** Came back as unroutable; lost too. */
  returned: number
  /** Not taken by the broker, or requests without an answer; lost too. */
  failed: number
  /** Sent again after a reconnect, as nobody knew whether the broker had them. */
  republished: number
  /** Further answers to those. */
  republishDuplicates: number
  /** From the moment a message was due to its answer; null without answers. */
  latencyMs: LatencyReport | null
  /** Of that, until a worker took it up; null unless the workers say what they took (header x-service-ms). */
  queueWaitMs: LatencyReport | null
  /** Of that, the worker's own part. */
  serviceMs: LatencyReport | null
  /**
   * The same two as means, from the broker's count of unacknowledged messages once a second (Little's law), whatever the
   * workers say; null when too little was seen. Messages of others in the queue count too.
   */
  meanTimesMs: MeanTimes | null
  /** How late the generator sent; part of `latencyMs`, as it is measured from the due time. */
  latenessMs: LatencyReport | null
  /** With --via: how often each HTTP status, or reason of a failed request, was seen. */
  outcomes?: Record<string, number>
  replicas: ReplicaReport
}

export interface LoadReport {
  apiVersion: 'devenv/v1'
  kind: 'LoadReport'
  queues: Record<string, QueueReport>
  durationMs: number
  profile: string
  /** Open loop: arrivals do not wait for answers. `seed` repeats a Poisson process. */
  generator: { loop: 'open'; arrivals: Process | 'trace'; seed?: number }
  /** `amqp`, or the service that the load went through. */
  via: Via
  /** Times that the connection to the broker was lost and made again. */
  reconnects: number
  /** Times that the broker took no messages because it was short of memory or disk, and for how long. */
  blocked: { times: number; totalMs: number }
  /** Answers to nothing that this run sent. */
  strays: number
  /** Whether answers were waited for. */
  waited: boolean
}

export type Via = 'amqp' | 'core-api'

/** Messages lost over all queues. */
export function totalLost(report: LoadReport): number {
  return Object.values(report.queues).reduce((sum, queue) => sum + queue.lost, 0)
}
