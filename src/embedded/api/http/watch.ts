/** GET with ?watch: one JSON event per line, initial events, bookmarks, a clean end. */
import { randomInt } from 'node:crypto'
import type { Timer } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import { bucketOf, groupVersion } from '../registry/context.ts'
import { listObjects, type Selection } from '../registry/read.ts'
import { CRD_BUCKET } from '../registry/strategies/crd.ts'
import { type RevisionedEvent, watchObjects } from '../registry/watch.ts'
import type { ResourceExchange } from './exchange.ts'
import { selectionOf } from './list.ts'
import { booleanOf, numberOf } from './options.ts'
import { setWarnings } from './respond.ts'
import { checkListOptions, expired, parseRevision, untilRevision } from './revision.ts'
import { shapeOf, shapeOne } from './transform.ts'

const BOOKMARK_EVERY_MS = 60_000
const BOOKMARK_BEFORE_END_MS = 2000
const INITIAL_EVENTS_END = { 'k8s.io/initial-events-end': 'true' }

export async function handleWatch(exchange: ResourceExchange): Promise<void> {
  const { query, context } = exchange
  checkListOptions(query, true)
  const since = parseRevision(query.get('resourceVersion'))
  const selection = watchSelection(exchange)
  if (since) await untilRevision(context, since)
  const asked = query.get('sendInitialEvents')
  const initial = asked === null ? !since : booleanOf(query, 'sendInitialEvents')
  new WatchStream(exchange, selection).start(initial ? undefined : since || context.store.revision)
}

/** A watch of one name (a path of old) is a watch of the collection with a field selector. */
function watchSelection(exchange: ResourceExchange): Selection {
  const selection = selectionOf(exchange)
  const { name } = exchange.path
  if (name === undefined) return selection
  const fields = [selection.fieldSelector, `metadata.name=${name}`].filter(Boolean).join(',')
  return { ...selection, fieldSelector: fields }
}

class WatchStream {
  readonly #exchange: ResourceExchange
  readonly #selection: Selection
  readonly #shape: ReturnType<typeof shapeOf>
  readonly #bookmarks: boolean
  readonly #timers = new Set<Timer>()
  readonly #subscriptions: Disposable[] = []
  #first = true
  #ended = false

  constructor(exchange: ResourceExchange, selection: Selection) {
    this.#exchange = exchange
    this.#selection = selection
    this.#shape = shapeOf(exchange)
    this.#bookmarks = booleanOf(exchange.query, 'allowWatchBookmarks')
  }

  /** Streams what is there and what comes (`since` undefined), or what came after `since`. */
  start(since: number | undefined): void {
    const { context, info, response } = this.#exchange
    // Parse errors of selectors must come before the head.
    const existing = since === undefined ? listObjects(context, info, this.#selection)! : []
    this.#head()
    response.on('close', () => this.#stop())
    for (const object of existing) this.#send('ADDED', object)
    if (since === undefined && this.#bookmarks) this.#bookmark(INITIAL_EVENTS_END)
    const subscription = watchObjects(context, info, this.#selection, (event) => this.#event(event), since)
    if (!subscription) {
      this.#write({
        type: 'ERROR',
        object: expired(`too old resource version: ${since} (${context.store.revision})`).toStatus(),
      })
      this.#end()
      return
    }
    this.#subscriptions.push(subscription)
    this.#endWithType()
    this.#schedule()
  }

  #head(): void {
    const { response, request } = this.#exchange
    setWarnings(this.#exchange)
    request.socket.setNoDelay(true)
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.flushHeaders()
  }

  #event({ type, object }: RevisionedEvent): void {
    this.#send(type, object)
  }

  #send(type: string, object: KubeObject): void {
    const shown = shapeOne(this.#exchange, this.#shape, object, this.#first)
    this.#first = false
    this.#write({ type, object: shown })
  }

  #bookmark(annotations?: Record<string, string>): void {
    const { info, context } = this.#exchange
    const metadata = {
      resourceVersion: String(context.store.revision),
      creationTimestamp: null,
      ...(annotations ? { annotations } : {}),
    }
    const bare = { kind: info.kind, apiVersion: groupVersion(info), metadata }
    const partial = this.#shape
      ? { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
      : bare
    const object =
      this.#shape === 'Table'
        ? {
            kind: 'Table',
            apiVersion: 'meta.k8s.io/v1',
            metadata: { resourceVersion: metadata.resourceVersion },
            columnDefinitions: null,
            rows: [{ cells: [], object: partial }],
          }
        : partial
    this.#write({ type: 'BOOKMARK', object })
  }

  #write(event: { type: string; object: unknown }): void {
    if (!this.#ended) this.#exchange.response.write(`${JSON.stringify(event)}\n`)
  }

  /** A custom type's watches end when its definition goes. */
  #endWithType(): void {
    const { info, context } = this.#exchange
    if (!info.custom) return
    const definition = bucketOf(info)
    const subscription = context.store.subscribe(CRD_BUCKET, ({ type, object }) => {
      if (type === 'DELETED' && object.metadata.name === definition) this.#end()
    })
    this.#subscriptions.push(subscription)
  }

  #schedule(): void {
    const { query } = this.#exchange
    const seconds = numberOf(query, 'timeoutSeconds')
    const timeoutMs = seconds ? seconds * 1000 : randomInt(30, 61) * 60_000
    this.#after(timeoutMs, () => this.#end())
    if (!this.#bookmarks) return
    if (timeoutMs > BOOKMARK_BEFORE_END_MS) {
      this.#after(timeoutMs - BOOKMARK_BEFORE_END_MS, () => this.#bookmark())
    }
    const repeat = () => {
      this.#bookmark()
      this.#after(BOOKMARK_EVERY_MS, repeat)
    }
    this.#after(BOOKMARK_EVERY_MS, repeat)
  }

  #after(ms: number, callback: () => void): void {
    const timer = this.#exchange.context.clock.after(ms, () => {
      this.#timers.delete(timer)
      callback()
    })
    this.#timers.add(timer)
  }

  #end(): void {
    this.#stop()
    this.#exchange.response.end()
  }

  #stop(): void {
    this.#ended = true
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
    for (const subscription of this.#subscriptions.splice(0)) subscription[Symbol.dispose]()
  }
}
