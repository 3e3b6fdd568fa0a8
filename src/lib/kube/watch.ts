/** A watch that does not end: lists, watches from there, and picks up again after expiry or a lost connection. */
import { setTimeout as sleep } from 'node:timers/promises'
import { errorOfResponse, KubeError } from './errors.ts'
import { linesOf } from './lines.ts'
import { type KubeObject, objectKey } from './object.ts'
import type { Transport } from './transport.ts'

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubeObject
}

export interface WatchOptions {
  signal?: AbortSignal
  /** Told about each interruption that the watch recovers from by itself. */
  onRetry?: (thrown: unknown) => void
}

interface List {
  items: KubeObject[]
  resourceVersion: string
}

const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 5_000

/**
 * Yields the listed objects as ADDED and then every change. After `410 Gone` it lists again and yields what
 * the difference to the objects known so far amounts to, so the consumer misses no object's last state.
 * Ends when the signal aborts; throws when the server refuses (401, 403, 404).
 */
export async function* watchResource(
  transport: Transport,
  list: () => Promise<List>,
  pathFrom: (resourceVersion: string) => string,
  { signal, onRetry }: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const known = new Map<string, KubeObject>()
  let resourceVersion: string | undefined
  let retryMs = FIRST_RETRY_MS
  while (!signal?.aborted) {
    try {
      if (resourceVersion === undefined) {
        const listed = await list()
        yield* difference(known, listed.items)
        resourceVersion = listed.resourceVersion
      }
      const request = { method: 'GET', path: pathFrom(resourceVersion), idleTimeoutMs: 0 }
      const response = await transport.send(signal ? { ...request, signal } : request)
      for await (const line of linesOf(response)) {
        const event = JSON.parse(line) as {
          type: WatchEvent['type'] | 'BOOKMARK' | 'ERROR'
          object: KubeObject
        }
        if (event.type === 'ERROR') throw errorOfResponse(500, JSON.stringify(event.object))
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion
        retryMs = FIRST_RETRY_MS
        if (event.type === 'BOOKMARK') continue
        if (event.type === 'DELETED') known.delete(objectKey(event.object))
        else known.set(objectKey(event.object), event.object)
        yield { type: event.type, object: event.object }
      }
    } catch (thrown) {
      if (signal?.aborted) return
      if (isRefusal(thrown)) throw thrown
      // Too old a version needs a new list; anything else may go on where it stopped.
      if (thrown instanceof KubeError && (thrown.code === 410 || thrown.reason === 'Expired')) {
        resourceVersion = undefined
      }
      onRetry?.(thrown)
    }
    await sleep(retryMs, undefined, signal ? { signal } : {}).catch(() => undefined)
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
  }
}

/** The events that turn the objects in `known` into `items`; updates `known`. */
function* difference(known: Map<string, KubeObject>, items: KubeObject[]): Generator<WatchEvent> {
  const present = new Set<string>()
  for (const object of items) {
    const key = objectKey(object)
    present.add(key)
    const before = known.get(key)
    known.set(key, object)
    if (!before) yield { type: 'ADDED', object }
    else if (before.metadata.resourceVersion !== object.metadata.resourceVersion) {
      yield { type: 'MODIFIED', object }
    }
  }
  for (const [key, object] of known) {
    if (present.has(key)) continue
    known.delete(key)
    yield { type: 'DELETED', object }
  }
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof KubeError && [400, 401, 403, 404, 405].includes(thrown.code)
}
