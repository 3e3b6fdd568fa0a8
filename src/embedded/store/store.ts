/** The object store: frozen snapshots by resource type under one resourceVersion counter. */
import type { Clock } from '../../lib/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import { type Logger, silentLogger } from '../../lib/log.ts'
import type { KubeObject } from '../objects.ts'
import { Bucket } from './bucket.ts'
import { Dispatcher } from './dispatcher.ts'
import { History, type StoreEvent } from './history.ts'
import { deepFreeze } from './json.ts'
import { SqliteFile } from './sqlite.ts'

export interface StoreOptions {
  clock: Clock
  /** SQLite file that is written through. Absent: memory only. */
  file?: string
  /** Hears of subscribers that throw. */
  log?: Logger
}

/**
 * Objects of all types. A bucket is a resource type without its version (`deployments.apps`, `pods`): all
 * versions of a type share one storage. Every write takes the next revision, and reaches subscribers after
 * it is stored, in order.
 */
export class ObjectStore implements Disposable {
  readonly #clock: Clock
  readonly #file: SqliteFile | undefined
  readonly #buckets = new Map<string, Bucket>()
  readonly #history: History
  readonly #dispatcher: Dispatcher
  #revision = 0
  #failing = false

  constructor(options: StoreOptions) {
    const { log = silentLogger } = options
    this.#clock = options.clock
    this.#dispatcher = new Dispatcher((thrown) => log.error(`a watch handler failed: ${messageOf(thrown)}`))
    if (options.file !== undefined) {
      this.#file = new SqliteFile(options.file)
      for (const { bucket, object } of this.#file.rows()) this.#bucket(bucket).set(deepFreeze(object))
      this.#revision = this.#file.revision()
    }
    this.#history = new History(this.#revision)
  }

  /** The revision of the latest write. */
  get revision(): number {
    return this.#revision
  }

  get(bucket: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#buckets.get(bucket)?.get(namespace ?? '', name)
  }

  /** Sorted by namespace and name. */
  list(bucket: string, namespace?: string): KubeObject[] {
    return this.#buckets.get(bucket)?.list(namespace) ?? []
  }

  count(bucket: string): number {
    return this.#buckets.get(bucket)?.size ?? 0
  }

  /** The list as it was at `revision`; undefined when that is too long ago. */
  listAt(bucket: string, revision: number, namespace?: string): KubeObject[] | undefined {
    if (revision >= this.#revision) return this.list(bucket, namespace)
    if (!this.#history.reaches(revision)) return undefined
    const past = new Bucket()
    for (const object of this.list(bucket)) past.set(object)
    for (const event of this.#history.since(bucket, revision).reverse()) {
      if (event.previous) past.set(event.previous)
      else past.delete(event.object.metadata.namespace ?? '', event.object.metadata.name)
    }
    return past.list(namespace)
  }

  /** Stores `object` under the next revision and answers the snapshot. The store owns `object` from here on. */
  put(bucket: string, object: KubeObject): KubeObject {
    const { namespace, name } = object.metadata
    const previous = this.get(bucket, namespace, name)
    const revision = this.#revision + 1
    object.metadata.resourceVersion = String(revision)
    this.#write((file) => file.put(bucket, object, revision))
    this.#bucket(bucket).set(deepFreeze(object))
    this.#commit(
      previous
        ? { type: 'MODIFIED', bucket, object, previous, revision }
        : { type: 'ADDED', bucket, object, revision },
    )
    return object
  }

  /** Removes an object; watchers see `last` (default: the stored state) under the deletion's revision. */
  remove(bucket: string, namespace: string | undefined, name: string, last?: KubeObject): void {
    const previous = this.get(bucket, namespace, name)
    if (!previous) return
    const revision = this.#revision + 1
    const state = last ?? previous
    const object = deepFreeze({
      ...state,
      metadata: { ...state.metadata, resourceVersion: String(revision) },
    })
    this.#write((file) => file.remove(bucket, previous, revision))
    this.#bucket(bucket).delete(namespace ?? '', name)
    this.#commit({ type: 'DELETED', bucket, object, previous, revision })
  }

  /** Events of a bucket after `revision`; undefined when they are no longer all known. */
  since(bucket: string, revision: number): StoreEvent[] | undefined {
    return this.#history.reaches(revision) ? this.#history.since(bucket, revision) : undefined
  }

  /** Calls `handler` for every write after this call, to one bucket or (undefined) to any. */
  subscribe(bucket: string | undefined, handler: (event: StoreEvent) => void): Disposable {
    return this.#dispatcher.subscribe(bucket, this.#revision, handler)
  }

  /** Why the file takes no writes (a full disk, say); undefined while the last one went through, or one does now. */
  writeFailure(): string | undefined {
    if (!this.#failing) return undefined
    try {
      this.#write((file) => file.touch(this.#revision))
      return undefined
    } catch (thrown) {
      return messageOf(thrown)
    }
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]()
  }

  #write(carryOut: (file: SqliteFile) => void): void {
    if (!this.#file) return
    try {
      carryOut(this.#file)
      this.#failing = false
    } catch (thrown) {
      this.#failing = true
      throw thrown
    }
  }

  #commit(event: StoreEvent): void {
    this.#revision = event.revision
    this.#history.add(event, this.#clock.now())
    this.#dispatcher.publish(event)
  }

  #bucket(name: string): Bucket {
    let bucket = this.#buckets.get(name)
    if (!bucket) {
      bucket = new Bucket()
      this.#buckets.set(name, bucket)
    }
    return bucket
  }
}
