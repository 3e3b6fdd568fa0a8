/** Looks at the run once a second: depths from the broker, rates and latencies since the last look. */
import type { QueueAccount } from './account.ts'
import type { BrokerState } from './drain.ts'
import type { LatencyReport } from './latency.ts'
import type { RunTime } from './run-time.ts'
import type { LoadTarget, QueueDepth } from './target.ts'
import { MEASURES, type Measure } from './timeline.ts'
import type { Column, TimelineRecorder } from './timeline-recorder.ts'

/** One queue in the last interval. */
export interface QueueSample {
  account: QueueAccount
  publishedPerS: number
  repliedPerS: number
  errorsPerS: number
  /** Of the answers in this interval. */
  recent: LatencyReport | null
}

const UNKNOWN: QueueDepth = { ready: undefined, unacked: undefined }
const NAMES = Object.keys(MEASURES) as Measure[]

/** The columns that `Sampler` fills, for a recorder. */
export function columnsOf(accounts: readonly QueueAccount[]): Column[] {
  return accounts.flatMap(({ queue }) =>
    NAMES.map((measure) => ({ subject: queue.name, measure, ...MEASURES[measure] })),
  )
}

interface Counts {
  atMs: number
  published: number
  replied: number
  errors: number
}

export class Sampler {
  readonly #accounts: readonly QueueAccount[]
  readonly #time: RunTime
  readonly #recorder: TimelineRecorder
  readonly #last: Counts[]
  samples: readonly QueueSample[]
  /** What the drain is judged by. */
  brokerState: BrokerState = { remaining: undefined, sinceMs: 0 }

  constructor(accounts: readonly QueueAccount[], time: RunTime, recorder: TimelineRecorder) {
    this.#accounts = accounts
    this.#time = time
    this.#recorder = recorder
    this.#last = accounts.map(() => ({ atMs: 0, published: 0, replied: 0, errors: 0 }))
    this.samples = accounts.map((account) => ({
      account,
      publishedPerS: 0,
      repliedPerS: 0,
      errorsPerS: 0,
      recent: null,
    }))
  }

  /** Asks the target how much is left at the broker. */
  async look(target: LoadTarget): Promise<void> {
    const depths = await target.depths()
    let remaining: number | undefined = 0
    for (const [queue, account] of this.#accounts.entries()) {
      const { ready, unacked } = depths[queue] ?? UNKNOWN
      account.depth = ready ?? account.depth
      account.unacked = unacked ?? account.unacked
      remaining =
        remaining === undefined || ready === undefined || unacked === undefined
          ? undefined
          : remaining + ready + unacked
    }
    if (remaining !== this.brokerState.remaining) this.brokerState = { remaining, sinceMs: this.#time.now() }
  }

  /** Closes an interval: `samples` and the timeline get its figures. */
  record(): void {
    if (!this.#time.isStarted) return
    const atMs = this.#time.now()
    for (const { timeAtWorkers, unacked } of this.#accounts) timeAtWorkers.look(atMs, unacked)
    this.samples = this.#accounts.map((account, queue) => this.#sample(account, queue, atMs))
    this.#recorder.sample(atMs, this.samples.flatMap(valuesOf))
  }

  #sample(account: QueueAccount, queue: number, atMs: number): QueueSample {
    const { ledger, errors } = account
    const last = this.#last[queue]!
    const seconds = Math.max(0.001, (atMs - last.atMs) / 1000)
    const perSecond = (now: number, before: number) => (now - before) / seconds
    this.#last[queue] = { atMs, published: ledger.published, replied: ledger.replied, errors }
    return {
      account,
      publishedPerS: perSecond(ledger.published, last.published),
      repliedPerS: perSecond(ledger.replied, last.replied),
      errorsPerS: perSecond(errors, last.errors),
      recent: account.recent.take(),
    }
  }
}

function valuesOf(sample: QueueSample): (number | null)[] {
  const { account, recent } = sample
  const values: Record<Measure, number | null> = {
    depth: account.depth,
    unacked: account.unacked,
    published: account.ledger.published,
    replied: account.ledger.replied,
    'rate.published': sample.publishedPerS,
    'rate.replied': sample.repliedPerS,
    'rate.errors': sample.errorsPerS,
    'latency.p50': recent?.p50 ?? null,
    'latency.p95': recent?.p95 ?? null,
    'latency.p99': recent?.p99 ?? null,
    'latency.max': recent?.max ?? null,
    'replicas.desired': account.replicas.now.desired,
    'replicas.ready': account.replicas.now.ready,
  }
  return NAMES.map((measure) => values[measure])
}
