/** Which live objects belong to which Application, kept up to date by watches on every served type. */
import type { Client, WatchEvent } from '../../client.ts'
import type { KubeObject, Resource } from '../../objects.ts'
import { equal } from '../../store/json.ts'
import type { ServedResource } from '../shared/resources.ts'
import { ServedWatches } from '../shared/served-watches.ts'
import { healthOf } from './health/health.ts'
import { keyOfObject, trackedBy } from './tracking.ts'

/** Argo CD leaves these out of its watches by default. */
const EXCLUDED = /(^v1|events\.k8s\.io\/[^/]+)\/events$|\/leases$|^v1\/endpoints$|\/endpointslices$/

interface Place {
  resource: Resource
  namespace: string | undefined
  name: string
  own: boolean
}

export interface TrackedObject {
  resource: Resource
  object: KubeObject
  /** False for an object whose tracking id is a copy of another's: it is shown, never compared or pruned. */
  own: boolean
}

export class ManagedObjects {
  readonly #watches = new ServedWatches(EXCLUDED, (resource, event) => this.#seen(resource, event))
  readonly #tracked = new Map<string, Map<string, Place>>()
  /** Application of each object that one's target names, whether or not it is tracked. */
  readonly #wanted = new Map<string, Set<string>>()
  /** Namespaces whose untracked objects an Application wants to know of. */
  readonly #orphanages = new Map<string, string>()
  readonly #changed: (appName: string) => void

  /** `changed` is told the tracking name of an Application whose objects came, went or changed in what counts. */
  constructor(changed: (appName: string) => void) {
    this.#changed = changed
  }

  refresh(client: Client, served: ServedResource[]): void {
    this.#watches.refresh(client, served)
  }

  /** Stops watching: there is no Application. */
  stop(): void {
    this.#watches.stop()
    this.#tracked.clear()
    this.#wanted.clear()
    this.#orphanages.clear()
  }

  /** The live objects that carry the Application's tracking id and have no owner. */
  tracked(appName: string, client: Client): TrackedObject[] {
    return [...(this.#tracked.get(appName)?.values() ?? [])].flatMap(({ resource, namespace, name, own }) => {
      const object = client.get(resource, namespace, name)
      return object ? [{ resource, object, own }] : []
    })
  }

  /** Types that are watched now: what Argo CD calls resources of the cluster. */
  get resources(): Iterable<Resource> {
    return this.#watches.resources
  }

  /** Also tells the Application when untracked objects come to a namespace or leave it; undefined: no longer. */
  expectOrphans(appName: string, namespace: string | undefined): void {
    if (namespace === undefined) this.#orphanages.delete(appName)
    else this.#orphanages.set(appName, namespace)
  }

  /** Also tells the Application of changes to these objects, tracked or not. */
  expect(appName: string, keys: Iterable<string>): void {
    for (const [key, apps] of this.#wanted) {
      apps.delete(appName)
      if (apps.size === 0) this.#wanted.delete(key)
    }
    for (const key of keys) {
      const apps = this.#wanted.get(key) ?? new Set()
      this.#wanted.set(key, apps.add(appName))
    }
  }

  #seen(resource: Resource, { type, object, previous }: WatchEvent): void {
    const key = keyOfObject(object)
    const apps = new Set(this.#wanted.get(key))
    const owner = ownerOf(object)
    const before = previous && ownerOf(previous)?.appName
    if (before !== undefined && (before !== owner?.appName || type === 'DELETED')) {
      this.#tracked.get(before)?.delete(key)
      apps.add(before)
    }
    if (owner !== undefined) {
      const { appName, own } = owner
      apps.add(appName)
      const { namespace, name } = object.metadata
      if (type === 'DELETED') this.#tracked.get(appName)?.delete(key)
      else this.#remember(appName, key, { resource, namespace, name, own })
    }
    if (type !== 'MODIFIED') {
      for (const [app, namespace] of this.#orphanages) {
        if (namespace === object.metadata.namespace) apps.add(app)
      }
    }
    if (apps.size === 0 || (type === 'MODIFIED' && previous && !matters(object, previous))) return
    for (const app of apps) this.#changed(app)
  }

  #remember(appName: string, key: string, place: Place): void {
    const objects = this.#tracked.get(appName) ?? new Map<string, Place>()
    this.#tracked.set(appName, objects.set(key, place))
  }
}

function ownerOf(object: KubeObject): ReturnType<typeof trackedBy> {
  return object.metadata.ownerReferences?.length ? undefined : trackedBy(object)
}

/** A status that leaves the health as it is does not matter, and neither does the server's own bookkeeping. */
function matters(object: KubeObject, previous: KubeObject): boolean {
  return !equal(essence(object), essence(previous)) || healthOf(object)?.status !== healthOf(previous)?.status
}

function essence({ status: _, metadata, ...rest }: KubeObject): Record<string, unknown> {
  const { resourceVersion, generation, managedFields, ...kept } = metadata
  return { ...rest, metadata: kept }
}
