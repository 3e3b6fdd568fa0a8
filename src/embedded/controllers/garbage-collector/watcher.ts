/** Feeds the owner graph from watches on every served resource type, custom ones as they come. */
import type { Client, WatchEvent } from '../../client.ts'
import type { KubeObject, Resource } from '../../objects.ts'
import type { ServedResource } from '../shared/resources.ts'
import { ServedWatches } from '../shared/served-watches.ts'
import type { OwnerGraph } from './graph.ts'
import { awaits, FOREGROUND, ORPHAN } from './judge.ts'

/** Events come by the thousand, go by age, and own nothing. */
const IGNORED = /(^|\/)events$/

export class ResourceWatcher {
  readonly #watches = new ServedWatches(IGNORED, (resource, event) => this.#seen(resource, event))
  readonly #graph: OwnerGraph
  readonly #enqueue: (uid: string) => void

  constructor(graph: OwnerGraph, enqueue: (uid: string) => void) {
    this.#graph = graph
    this.#enqueue = enqueue
  }

  refresh(client: Client, served: ServedResource[]): void {
    this.#watches.refresh(client, served)
  }

  stop(): void {
    this.#watches.stop()
  }

  #seen(resource: Resource, { type, object, previous }: WatchEvent): void {
    const { uid, ownerReferences = [] } = object.metadata
    if (type === 'DELETED') {
      for (const dependent of this.#graph.dependents(uid)) this.#enqueue(dependent.uid)
      this.#graph.remove(uid)
      // An owner that waits in the foreground may have waited for this one.
      for (const owner of ownerReferences) this.#enqueue(owner.uid)
      return
    }
    const changed = this.#graph.put(resource, object)
    if (changed && ownerReferences.length > 0) this.#enqueue(uid)
    if (isAwaited(object) && !(previous && isAwaited(previous))) this.#enqueue(uid)
    if (changed && previous)
      for (const owner of previous.metadata.ownerReferences ?? []) this.#enqueue(owner.uid)
  }
}

function isAwaited(object: KubeObject): boolean {
  return awaits(object, FOREGROUND) || awaits(object, ORPHAN)
}
