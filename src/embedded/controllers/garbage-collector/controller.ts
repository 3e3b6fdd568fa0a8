/** The garbage collector: objects whose owners are gone go too; foreground and orphan deletions are seen through. */
import { type KubeObject, type OwnerReference, parseResource } from '../../objects.ts'
import { applyChanges } from '../runtime/changes.ts'
import type { Context, Controller, Result } from '../runtime/controller.ts'
import { CUSTOM_RESOURCES, type ServedResource } from '../shared/resources.ts'
import { type Node, OwnerGraph } from './graph.ts'
import { awaits, FOREGROUND, finalizerChange, judge, ORPHAN, type OwnerState, orphanChange } from './judge.ts'
import { ResourceWatcher } from './watcher.ts'

const COMPONENT = 'garbage-collector-controller'

/** The key that stands for "look again at what is served"; no uid looks like it. */
const DISCOVERY = 'discovery'

/** How soon an object is looked at again whose owner's kind is not served, in ms. */
const UNKNOWN_KIND_RETRY_MS = 30_000

export interface GarbageCollectorOptions {
  /** Every resource type that can be listed, watched and deleted, one version of each. */
  resources: () => ServedResource[]
}

/** Collects garbage. Keys are uids. */
export function garbageCollector(options: GarbageCollectorOptions): Controller {
  const graph = new OwnerGraph()
  let watcher: ResourceWatcher
  let enqueueUid: (uid: string) => void
  return {
    name: COMPONENT,
    watches: [{ resource: CUSTOM_RESOURCES, keys: () => [DISCOVERY] }],
    start({ client, signal }, enqueue) {
      enqueueUid = enqueue
      watcher = new ResourceWatcher(graph, enqueue)
      watcher.refresh(client, options.resources())
      signal.addEventListener('abort', () => watcher.stop(), { once: true })
    },
    reconcile(key, context) {
      if (key === DISCOVERY) {
        watcher.refresh(context.client, options.resources())
        return undefined
      }
      const node = graph.get(key)
      const object = node && context.client.get(node.resource, node.namespace, node.name)
      if (!node || object?.metadata.uid !== key) return undefined
      if (awaits(object, FOREGROUND)) return deleteForeground(node, object, graph, enqueueUid, context)
      if (awaits(object, ORPHAN)) return orphanDependents(node, object, graph, context)
      return collect(node, object, graph, options.resources(), context)
    },
  }
}

function collect(
  node: Node,
  object: KubeObject,
  graph: OwnerGraph,
  served: ServedResource[],
  context: Context,
): Result | undefined {
  const states = new Map(
    (object.metadata.ownerReferences ?? []).map((ref) => [
      ref,
      ownerState(object, ref, graph, served, context),
    ]),
  )
  const stateOf = (ref: OwnerReference): OwnerState => states.get(ref) ?? 'unknown'
  const changes = judge(node.resource, object, stateOf, graph.dependents(node.uid).length > 0)
  applyChanges(changes, context, COMPONENT)
  return [...states.values()].includes('unknown') ? { requeueAfterMs: UNKNOWN_KIND_RETRY_MS } : undefined
}

/** Looks the owner up live, by group, kind and name; another uid under that name is another object. */
function ownerState(
  object: KubeObject,
  ref: OwnerReference,
  graph: OwnerGraph,
  served: ServedResource[],
  context: Context,
): OwnerState {
  const resource = context.client.resourceFor(ref.apiVersion, ref.kind)
  if (!resource) return 'unknown'
  const { namespace } = object.metadata
  const namespaced = isNamespaced(resource, served)
  // A cluster-scoped object cannot say in which namespace its owner is: it is never collected.
  if (namespaced && namespace === undefined) return 'unknown'
  const owner = context.client.get(resource, namespaced ? namespace : undefined, ref.name)
  if (owner?.metadata.uid === ref.uid) return awaits(owner, FOREGROUND) ? 'waiting' : 'present'
  const elsewhere = graph.get(ref.uid)
  if (elsewhere && elsewhere.namespace !== namespace) reportForeignOwner(object, ref, context)
  return 'absent'
}

/** By group and plural: the owner may be referred to in another version than the one that is watched. */
function isNamespaced(resource: string, served: ServedResource[]): boolean {
  const { group, plural } = parseResource(resource)
  const found = served.find((one) => {
    const parsed = parseResource(one.resource)
    return parsed.group === group && parsed.plural === plural
  })
  return found?.namespaced ?? true
}

function reportForeignOwner(object: KubeObject, ref: OwnerReference, context: Context): void {
  const { namespace } = object.metadata
  const message = `ownerRef [${ref.apiVersion}/${ref.kind}, namespace: ${namespace}, name: ${ref.name}, uid: ${ref.uid}] does not exist in namespace "${namespace}"`
  const reason = 'OwnerRefInvalidNamespace'
  const event = { verb: 'event' as const, regarding: object, type: 'Warning' as const, reason, message }
  applyChanges([{ ...event, component: COMPONENT }], context, COMPONENT)
}

/** Dependents are judged first; those that block have to be gone before the owner may go. */
function deleteForeground(
  node: Node,
  object: KubeObject,
  graph: OwnerGraph,
  enqueue: (uid: string) => void,
  context: Context,
): undefined {
  const dependents = living(node, graph, context)
  const blocking = dependents.filter(({ object: { metadata } }) =>
    metadata.ownerReferences?.some((ref) => ref.uid === node.uid && ref.blockOwnerDeletion),
  )
  for (const dependent of dependents) {
    if (!dependent.object.metadata.deletionTimestamp) enqueue(dependent.node.uid)
  }
  if (blocking.length > 0) return
  applyChanges([finalizerChange(node.resource, object, FOREGROUND)], context, COMPONENT)
}

function orphanDependents(node: Node, object: KubeObject, graph: OwnerGraph, context: Context): undefined {
  const changes = living(node, graph, context).map((dependent) =>
    orphanChange(dependent.node.resource, dependent.object, node.uid),
  )
  changes.push(finalizerChange(node.resource, object, ORPHAN))
  applyChanges(changes, context, COMPONENT)
}

function living(node: Node, graph: OwnerGraph, { client }: Context): { node: Node; object: KubeObject }[] {
  return graph.dependents(node.uid).flatMap((dependent) => {
    const object = client.get(dependent.resource, dependent.namespace, dependent.name)
    return object?.metadata.uid === dependent.uid ? [{ node: dependent, object }] : []
  })
}
