/** An in-memory Client for controller tests: the API's rules that controllers feel, without schemas. */
import type { Clock } from '../../../lib/clock.ts'
import { rfc3339 } from '../../../lib/clock.ts'
import type {
  Client,
  DeleteOptions,
  ListOptions,
  PatchOptions,
  Scale,
  WatchEvent,
  WriteOptions,
} from '../../client.ts'
import { alreadyExists, conflict, notFound } from '../../errors.ts'
import { type KubeObject, keyOf, type Manifest, parseResource, type Resource } from '../../objects.ts'
import { formatLabelSelector, matchesFields, matchesLabels, parseFieldSelector } from '../../selectors.ts'
import { compact, sameJson } from '../shared/json.ts'
import { kindOfResource, resourceOfKind, STATUS_IN_MAIN } from './kinds.ts'
import { mergePatch } from './merge-patch.ts'

/** One call that changed something, for assertions on what a controller wrote. */
export interface Write {
  verb: 'create' | 'update' | 'patch' | 'delete'
  resource: Resource
  name: string
  subresource?: string
}

export class MemoryClient implements Client {
  /** Every write since the start, events included. */
  readonly writes: Write[] = []
  /** Called before each write; a throw refuses it, as admission would. */
  admit: (write: Write, object: Manifest | undefined) => void = () => {}
  readonly #clock: Clock
  readonly #objects = new Map<Resource, Map<string, KubeObject>>()
  readonly #handlers = new Map<Resource, Set<(event: WatchEvent) => void>>()
  #counter = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get(resource: Resource, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#table(resource).get(keyOf({ metadata: { namespace, name } }))
  }

  list(resource: Resource, options: ListOptions = {}): KubeObject[] {
    const fields = parseFieldSelector(options.fieldSelector ?? '')
    return [...this.#table(resource).values()].filter(
      (object) =>
        (options.namespace === undefined || object.metadata.namespace === options.namespace) &&
        (options.labelSelector === undefined ||
          matchesLabels(options.labelSelector, object.metadata.labels)) &&
        matchesFields(fields, (field) => fieldText(object, field)),
    )
  }

  create(resource: Resource, object: Manifest, _options: WriteOptions = {}): KubeObject {
    const { group, plural } = parseResource(resource)
    const serial = ++this.#counter
    const name =
      object.metadata.name ?? `${object.metadata.generateName}${serial.toString(36).padStart(5, '0')}`
    this.#write({ verb: 'create', resource, name }, object)
    if (this.get(resource, object.metadata.namespace, name)) throw alreadyExists(group, plural, name)
    const stored: KubeObject = {
      ...kindOfResource(resource),
      ...object,
      metadata: {
        ...object.metadata,
        name,
        uid: `uid-${serial}`,
        generation: 1,
        creationTimestamp: rfc3339(this.#clock.now()),
        resourceVersion: '',
      },
    }
    if (resource === 'v1/pods') stored.status = { phase: 'Pending', ...stored.status }
    return this.#store(resource, stored, undefined)
  }

  update(resource: Resource, object: KubeObject, options: WriteOptions = {}): KubeObject {
    const current = this.#require(resource, object.metadata.namespace, object.metadata.name)
    this.#write({ verb: 'update', resource, name: current.metadata.name, ...sub(options) }, object)
    const { resourceVersion } = object.metadata
    if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) {
      const { group, plural } = parseResource(resource)
      throw conflict(group, plural, current.metadata.name, 'the object has been modified')
    }
    return this.#replace(resource, current, object, options)
  }

  patch(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options: PatchOptions,
  ): KubeObject {
    const current = this.#require(resource, namespace, name)
    if (options.type !== 'merge') throw new Error(`the in-memory client has no ${options.type} patches`)
    this.#write({ verb: 'patch', resource, name, ...sub(options) }, current)
    return this.#replace(resource, current, mergePatch(current, patch), options)
  }

  delete(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions = {},
  ): KubeObject | undefined {
    const current = this.#require(resource, namespace, name)
    const { uid } = options.preconditions ?? {}
    if (uid && uid !== current.metadata.uid) throw conflict('', resource, name, 'the UID does not match')
    this.#write({ verb: 'delete', resource, name }, current)
    const graceSeconds = resource === 'v1/pods' ? podGrace(current, options) : 0
    const finalizers = [...(current.metadata.finalizers ?? [])]
    if (options.propagationPolicy === 'Foreground') finalizers.push('foregroundDeletion')
    if (options.propagationPolicy === 'Orphan') finalizers.push('orphan')
    const metadata = {
      ...current.metadata,
      ...(finalizers.length > 0 ? { finalizers: [...new Set(finalizers)] } : {}),
      deletionTimestamp:
        current.metadata.deletionTimestamp ?? rfc3339(this.#clock.now() + graceSeconds * 1000),
      deletionGracePeriodSeconds: graceSeconds,
    }
    const going = { ...current, metadata }
    if (graceSeconds > 0 && !sameJson(going, current)) return this.#store(resource, going, current)
    return this.#settle(resource, going, current)
  }

  getScale(resource: Resource, namespace: string, name: string): Scale {
    const object = this.#require(resource, namespace, name)
    return {
      replicas: object.spec?.replicas ?? 0,
      statusReplicas: object.status?.replicas ?? 0,
      selector: object.status?.selector ?? formatLabelSelector(object.spec?.selector),
      uid: object.metadata.uid,
    }
  }

  setScale(resource: Resource, namespace: string, name: string, replicas: number): Scale {
    this.patch(resource, namespace, name, { spec: { replicas } }, { type: 'merge', subresource: 'scale' })
    return this.getScale(resource, namespace, name)
  }

  resourceFor(apiVersion: string, kind: string): Resource | undefined {
    return resourceOfKind(apiVersion, kind)
  }

  watch(resource: Resource, handler: (event: WatchEvent) => void): Disposable {
    for (const object of this.list(resource)) handler({ type: 'ADDED', object })
    const handlers = this.#handlers.get(resource) ?? new Set()
    this.#handlers.set(resource, handlers)
    handlers.add(handler)
    return { [Symbol.dispose]: () => void handlers.delete(handler) }
  }

  /** spec of a status write and status of any other write stay as stored; a changed spec bumps generation. */
  #replace(resource: Resource, current: KubeObject, next: KubeObject, options: WriteOptions): KubeObject {
    const kept =
      options.subresource === 'status'
        ? { ...current, metadata: statusMetadata(resource, current, next), status: next.status }
        : { ...next, status: STATUS_IN_MAIN.has(resource) ? next.status : current.status }
    const { uid, creationTimestamp, generation = 1 } = current.metadata
    const metadata = { ...kept.metadata, uid, creationTimestamp }
    metadata.generation = sameJson(kept.spec, current.spec) ? generation : generation + 1
    return this.#settle(resource, compact({ ...kept, metadata }), current) ?? current
  }

  /** Stores, or removes when the object is being deleted and nothing holds it any more. */
  #settle(resource: Resource, next: KubeObject, current: KubeObject): KubeObject | undefined {
    const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = next.metadata
    const held =
      (finalizers ?? []).length > 0 ||
      (deletionGracePeriodSeconds ?? 0) > 0 ||
      (resource === 'v1/namespaces' && (next.spec?.finalizers ?? []).length > 0)
    if (deletionTimestamp === undefined || held) {
      if (sameJson(next, current)) return current
      return this.#store(resource, next, current)
    }
    const gone = this.#stamp(next)
    this.#table(resource).delete(keyOf(current))
    this.#notify(resource, { type: 'DELETED', object: gone, previous: current })
    return undefined
  }

  #store(resource: Resource, next: KubeObject, previous: KubeObject | undefined): KubeObject {
    const stored = this.#stamp(next)
    this.#table(resource).set(keyOf(stored), stored)
    this.#notify(
      resource,
      previous ? { type: 'MODIFIED', object: stored, previous } : { type: 'ADDED', object: stored },
    )
    return stored
  }

  #stamp(object: KubeObject): KubeObject {
    const resourceVersion = String(++this.#counter)
    return freeze(structuredClone({ ...object, metadata: { ...object.metadata, resourceVersion } }))
  }

  #notify(resource: Resource, event: WatchEvent): void {
    for (const handler of this.#handlers.get(resource) ?? []) handler(event)
  }

  #write(write: Write, object: Manifest | undefined): void {
    this.admit(write, object)
    this.writes.push(write)
  }

  #require(resource: Resource, namespace: string | undefined, name: string): KubeObject {
    const object = this.get(resource, namespace, name)
    const { group, plural } = parseResource(resource)
    if (!object) throw notFound(group, plural, name)
    return object
  }

  #table(resource: Resource): Map<string, KubeObject> {
    const table = this.#objects.get(resource) ?? new Map<string, KubeObject>()
    this.#objects.set(resource, table)
    return table
  }
}

/** Seconds a pod gets: none when it has no node or has ended. */
function podGrace(pod: KubeObject, options: DeleteOptions): number {
  if (!pod.spec?.nodeName || ['Succeeded', 'Failed'].includes(pod.status?.phase)) return 0
  return options.gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30
}

/** Deployments may be annotated with their status. */
function statusMetadata(resource: Resource, current: KubeObject, { metadata }: KubeObject) {
  if (resource !== 'apps/v1/deployments') return current.metadata
  return { ...current.metadata, annotations: metadata.annotations }
}

function sub(options: WriteOptions): { subresource?: string } {
  return options.subresource ? { subresource: options.subresource } : {}
}

function fieldText(object: KubeObject, path: string): string {
  const value = path.split('.').reduce<any>((at, part) => at?.[part], object)
  return value === undefined || value === null ? '' : String(value)
}

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const field of Object.values(value)) freeze(field)
  }
  return value
}
