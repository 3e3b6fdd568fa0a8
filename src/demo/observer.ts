/** Records the whole demo once a second: queues, workers, the canary, what its loads measure. */
import { type Clock, systemClock } from '../lib/clock.ts'
import type { LiveObjects } from '../lib/kube/live.ts'
import { type BrokerAccess, listQueues, type QueueDepth } from '../lib/rabbitmq.ts'
import type { LoadView } from '../load/run.ts'
import type { QueueSample } from '../load/sampler.ts'
import { MEASURES, type Measure, type Timeline } from '../load/timeline.ts'
import { type Column, TimelineRecorder } from '../load/timeline-recorder.ts'
import type { RolloutView } from '../rollout/view.ts'
import { canaryNow, replicasOf } from './look.ts'
import { DEPLOYMENTS, type Stack } from './stack.ts'

const INTERVAL_MS = 1_000
/** Figures of a load's last second are not those of this one. */
const FRESH_MS = 1_500

export const CORE_API = 'core-api'

const QUEUE_MEASURES = ['depth', 'unacked', 'replicas.desired', 'replicas.ready'] as const
const LOAD_MEASURES = ['rate.published', 'rate.replied', 'rate.errors', 'latency.p50', 'latency.p95'] as const
const REPLICA_MEASURES = ['replicas.desired', 'replicas.ready'] as const
/** The canary's part of the traffic, as its steps ask for it and as its pods have it. */
const WEIGHTS = ['weight.asked', 'weight.actual'] as const

/** What a load adds to a subject. */
type Fed = { atMs: number; sample: QueueSample }

export class Observer {
  readonly #live: LiveObjects
  readonly #stack: Stack
  readonly #openBroker: () => Promise<BrokerAccess>
  readonly #clock: Clock
  readonly #recorder: TimelineRecorder
  readonly #fed = new Map<string, Fed>()
  readonly #seen = new Map<string, string>()
  readonly startedAt: number
  #broker: BrokerAccess | undefined
  /** What was asked for at the last look, while a canary was under way. */
  #weight = 0

  constructor(
    live: LiveObjects,
    stack: Stack,
    openBroker: () => Promise<BrokerAccess>,
    clock: Clock = systemClock,
  ) {
    this.#live = live
    this.#stack = stack
    this.#openBroker = openBroker
    this.#clock = clock
    this.#recorder = new TimelineRecorder(columnsOf(stack), INTERVAL_MS)
    this.startedAt = clock.now()
  }

  now(): number {
    return this.#clock.now() - this.startedAt
  }

  event(subject: string, text: string): void {
    this.#recorder.event(this.now(), subject, text)
  }

  /** Figures of a load of the last second, for `core-api` or the load's queues. */
  feed(view: LoadView, via: 'amqp' | 'core-api'): void {
    for (const sample of view.queues)
      this.#fed.set(via === 'core-api' ? CORE_API : sample.account.queue.name, { atMs: this.now(), sample })
  }

  /** Samples until the signal aborts. */
  async record(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#sample()
      await new Promise<void>((resolve) => {
        const timer = this.#clock.after(INTERVAL_MS - (this.now() % INTERVAL_MS), end)
        function end() {
          timer.cancel()
          signal.removeEventListener('abort', end)
          resolve()
        }
        signal.addEventListener('abort', end, { once: true })
      })
    }
    await this.#broker?.[Symbol.asyncDispose]()
  }

  toTimeline(): Timeline {
    return this.#recorder.toTimeline(this.startedAt)
  }

  async #sample(): Promise<void> {
    const depths = await this.#depths()
    const { workers } = this.#stack
    const row: (number | null)[] = workers.flatMap(({ queue, deployment }) => [
      ...depthOf(depths, queue.name),
      ...this.#replicas(deployment),
      ...this.#load(queue.name),
    ])
    const view = canaryNow(this.#live, this.#stack)
    row.push(view?.replicas.desired ?? null, view?.replicas.ready ?? null)
    row.push(...this.#load(CORE_API), ...this.#weights(view))
    this.#recorder.sample(this.now(), row)
  }

  /** The password may just be changing: then the Secret is read again, and this look stays empty. */
  async #depths(): Promise<QueueDepth[] | undefined> {
    try {
      this.#broker ??= await this.#openBroker()
      return await listQueues(this.#broker)
    } catch {
      const broker = this.#broker
      this.#broker = undefined
      await broker?.[Symbol.asyncDispose]()
      return undefined
    }
  }

  #replicas(deployment: string): (number | null)[] {
    const object = this.#live.get(DEPLOYMENTS, this.#stack.namespace, deployment)
    if (!object) return [null, null]
    const { desired, ready } = replicasOf(object)
    this.#changed(deployment, `${ready} of ${desired} replicas ready`)
    return [desired, ready]
  }

  #load(subject: string): (number | null)[] {
    const fed = this.#fed.get(subject)
    if (!fed || this.now() - fed.atMs > FRESH_MS) return LOAD_MEASURES.map(() => null)
    const { publishedPerS, repliedPerS, errorsPerS, recent } = fed.sample
    return [publishedPerS, repliedPerS, errorsPerS, recent?.p50 ?? null, recent?.p95 ?? null]
  }

  /** Nothing while there is only one version; a canary that got through ends at 100. */
  #weights(view: RolloutView | undefined): (number | null)[] {
    if (!view?.canary) return [null, null]
    this.#changed(CORE_API, `${view.phase} ${view.message}`.trim())
    const two = view.revisions.some(({ replicaSets }) =>
      replicaSets.some(({ tags }) => tags.includes('canary')),
    )
    const through = !two && this.#weight > 0
    this.#weight = two ? view.canary.setWeight : 0
    if (two) return [view.canary.setWeight, view.canary.actualWeight]
    return through ? [100, 100] : [null, null]
  }

  /** Tells the timeline once; how things were at the start is no event. */
  #changed(subject: string, text: string): void {
    const before = this.#seen.get(subject)
    if (before === text) return
    this.#seen.set(subject, text)
    if (before !== undefined) this.event(subject, text)
  }
}

function depthOf(depths: QueueDepth[] | undefined, name: string): (number | null)[] {
  if (!depths) return [null, null]
  const found = depths.find((queue) => queue.name === name)
  return [found?.ready ?? 0, found?.unacked ?? 0]
}

function columnsOf({ workers }: Stack): Column[] {
  const known = (subject: string, measures: readonly Measure[]): Column[] =>
    measures.map((measure) => ({ subject, measure, ...MEASURES[measure] }))
  return [
    ...workers.flatMap(({ queue }) => known(queue.name, [...QUEUE_MEASURES, ...LOAD_MEASURES])),
    ...known(CORE_API, [...REPLICA_MEASURES, ...LOAD_MEASURES]),
    ...WEIGHTS.map((measure): Column => ({ subject: CORE_API, measure, unit: 'percent', fold: 'last' })),
  ]
}
