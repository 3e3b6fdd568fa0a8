/** Runs controllers: watches feed work queues, queues call reconcile. */
import type { Clock } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { Logger } from '../../../lib/log.ts'
import type { Client } from '../../client.ts'
import { isStatus } from '../../errors.ts'
import { keyOf } from '../../objects.ts'
import type { Context, Controller, Watch } from './controller.ts'
import { WorkQueue } from './queue.ts'

const CLIENT_GO_BACKOFF = { baseMs: 5, maxMs: 1_000_000 }

export interface ManagerOptions {
  client: Client
  clock: Clock
  log: Logger
}

/** Starts controllers against one client and stops them all together. */
export class ControllerManager implements AsyncDisposable {
  readonly #options: ManagerOptions
  readonly #abort = new AbortController()
  readonly #watches: Disposable[] = []
  readonly #queues: WorkQueue[] = []

  constructor(options: ManagerOptions) {
    this.#options = options
  }

  /** Begins to reconcile; existing objects are reconciled first. */
  add(controller: Controller): void {
    const { client, clock } = this.#options
    const log = this.#options.log.child(controller.name)
    const context: Context = { client, clock, log, signal: this.#abort.signal }
    const queue = new WorkQueue({
      clock,
      concurrency: controller.concurrency ?? 1,
      backoff: controller.backoff ?? CLIENT_GO_BACKOFF,
      work: async (key) => controller.reconcile(key, context),
      failed: (key, thrown, retryInMs) => {
        // Conflicts are the ordinary price of optimistic concurrency, not worth a warning.
        const level = isStatus(thrown, 409) ? 'debug' : 'warn'
        log[level](`reconcile of ${key} failed, again in ${retryInMs} ms: ${messageOf(thrown)}`)
      },
    })
    this.#queues.push(queue)
    controller.start?.(context, (key, afterMs) => queue.add(key, afterMs))
    for (const watch of controller.watches) this.#watches.push(this.#subscribe(watch, queue, client))
  }

  #subscribe(watch: Watch, queue: WorkQueue, client: Client): Disposable {
    return client.watch(watch.resource, ({ type, object, previous }) => {
      if (watch.when && !watch.when(object, previous, type)) return
      const keys = watch.keys ? watch.keys(object, client) : [keyOf(object)]
      // An object that moved from one owner to another concerns both.
      const before = watch.keys && previous ? watch.keys(previous, client) : []
      for (const key of new Set([...keys, ...before])) queue.add(key)
    })
  }

  /** True when no controller has anything to do right now: for tests. */
  get idle(): boolean {
    return this.#queues.every((queue) => queue.idle)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort()
    for (const watch of this.#watches) watch[Symbol.dispose]()
    for (const queue of this.#queues) queue.stop()
  }
}
