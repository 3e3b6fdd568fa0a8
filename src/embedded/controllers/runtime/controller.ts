/** What a controller is: a name, what it watches, and a reconcile of one key. */
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/log.ts'
import type { Client, WatchEvent } from '../../client.ts'
import type { KubeObject, Resource } from '../../objects.ts'

export interface Watch {
  resource: Resource
  /** Keys to reconcile for an object that came, changed or went. Default: the object's own key. */
  keys?: (object: KubeObject, client: Client) => string[]
  /** Passes over changes that cannot matter (status only, say). Default: every change counts. */
  when?: (object: KubeObject, previous: KubeObject | undefined, type: WatchEvent['type']) => boolean
}

export interface Context {
  client: Client
  clock: Clock
  log: Logger
  /** Aborted when the manager stops. */
  signal: AbortSignal
}

/** When to look again without an event: absent = only on the next event. */
export interface Result {
  requeueAfterMs?: number
}

/**
 * One controller. `reconcile` reads through `context.client`, hands plain objects to a pure function and
 * applies the changes it answers. A throw requeues the key with exponential backoff.
 */
export interface Controller {
  name: string
  watches: Watch[]
  /** Keys reconciled at the same time. Default 1; one key is never reconciled twice at once. */
  concurrency?: number
  /** Backoff after a throw, in ms. Default {baseMs: 5, maxMs: 1_000_000} as client-go's rate limiter. */
  backoff?: { baseMs: number; maxMs: number }
  /** Once, before the first reconcile: for loops that are not driven by keys. */
  start?(context: Context, enqueue: (key: string, afterMs?: number) => void): void
  reconcile(key: string, context: Context): Promise<Result | undefined> | Result | undefined
}
