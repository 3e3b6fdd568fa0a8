/** Live copies of a few resource types, fed by watches: waiting on the cluster without polling it. */
import { type Clock, systemClock } from '../clock.ts'
import { DevenvError, messageOf } from '../errors.ts'
import type { Waiting } from '../wait.ts'
import type { KubeClient } from './client.ts'
import type { KubeObject, Resource } from './object.ts'
import type { ServerClock } from './server-clock.ts'

export interface LiveWaitOptions {
  signal: AbortSignal
  onWaiting?: (waiting: Waiting) => void
}

const LOOK_AGAIN_MS = 1000

/** What a probe over live objects answers: done, or what is missing. */
export type LiveProbe<T> = () => { done: T } | Waiting

/** Watches begin on first use of a resource and end with the signal given to the constructor. */
export class LiveObjects implements Disposable {
  readonly #kube: KubeClient
  readonly #clock: Clock
  readonly #stop = new AbortController()
  readonly #objects = new Map<string, Map<string, KubeObject>>()
  readonly #listeners = new Set<() => void>()
  #failure: unknown

  constructor(kube: KubeClient, clock: Clock = systemClock) {
    this.#kube = kube
    this.#clock = clock
  }

  /** The server's, for the times that its objects have. */
  get serverClock(): ServerClock {
    return this.#kube.clock
  }

  /** Objects of a resource in a namespace, as last seen; empty until the watch has delivered. */
  list(resource: Resource, namespace: string): KubeObject[] {
    return [...this.#bucket(resource, namespace).values()]
  }

  get(resource: Resource, namespace: string, name: string): KubeObject | undefined {
    return this.#bucket(resource, namespace).get(name)
  }

  /**
   * Runs the probe now, after every change of a watched object and each second until it answers done. A probe
   * ends the wait early by throwing. Rejects when the signal aborts: budgets are the caller's.
   */
  until<T>(probe: LiveProbe<T>, { signal, onWaiting }: LiveWaitOptions): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const clock = this.#clock
    let last: string | undefined
    const look = () => {
      try {
        if (this.#failure) throw this.#failure
        const found = probe()
        if ('done' in found) return resolve(found.done)
        if (found.waiting !== last) onWaiting?.(found)
        last = found.waiting
      } catch (thrown) {
        reject(thrown)
      }
    }
    const abort = () =>
      reject(new DevenvError('INTERRUPTED', `interrupted while waiting for ${last ?? 'the cluster'}`))
    this.#listeners.add(look)
    // Some verdicts ripen with time alone: a pod that no node wants does not change any more.
    const lookAgain = () => {
      look()
      tick = clock.after(LOOK_AGAIN_MS, lookAgain)
    }
    let tick = clock.after(LOOK_AGAIN_MS, lookAgain)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    else look()
    return promise.finally(() => {
      this.#listeners.delete(look)
      tick.cancel()
      signal.removeEventListener('abort', abort)
    })
  }

  [Symbol.dispose](): void {
    this.#stop.abort()
  }

  #bucket(resource: Resource, namespace: string): Map<string, KubeObject> {
    const key = `${resource} ${namespace}`
    const known = this.#objects.get(key)
    if (known) return known
    const bucket = new Map<string, KubeObject>()
    this.#objects.set(key, bucket)
    void this.#feed(resource, namespace, bucket)
    return bucket
  }

  async #feed(resource: Resource, namespace: string, bucket: Map<string, KubeObject>): Promise<void> {
    try {
      for await (const { type, object } of this.#kube.watch(resource, {
        namespace,
        signal: this.#stop.signal,
      })) {
        if (type === 'DELETED') bucket.delete(object.metadata.name)
        else bucket.set(object.metadata.name, object)
        this.#changed()
      }
    } catch (thrown) {
      if (this.#stop.signal.aborted) return
      this.#failure = new DevenvError('STEP_FAILED', `cannot watch ${resource}: ${messageOf(thrown)}`, {
        cause: thrown,
      })
      this.#changed()
    }
  }

  #notified = false

  /** Once per burst of events: a list of forty objects is one look, not forty. */
  #changed(): void {
    if (this.#notified) return
    this.#notified = true
    this.#clock.after(10, () => {
      this.#notified = false
      for (const look of [...this.#listeners]) look()
    })
  }
}
