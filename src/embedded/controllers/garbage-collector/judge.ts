/** Whether an object outlives its owners. */
import type { KubeObject, OwnerReference, Resource } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'

export const FOREGROUND = 'foregroundDeletion'
export const ORPHAN = 'orphan'

/** `waiting`: being deleted, and waiting for its dependents. `unknown`: its kind is not served right now. */
export type OwnerState = 'present' | 'absent' | 'waiting' | 'unknown'

/** The object is deleted when no owner is left; references to absent owners go when some are. */
export function judge(
  resource: Resource,
  object: KubeObject,
  stateOf: (ref: OwnerReference) => OwnerState,
  hasDependents: boolean,
): Change[] {
  const references = object.metadata.ownerReferences ?? []
  if (object.metadata.deletionTimestamp || references.length === 0) return []
  const states = references.map(stateOf)
  if (states.includes('unknown')) return []
  const { namespace, name, uid, resourceVersion } = object.metadata
  const present = references.filter((_, at) => states[at] === 'present')
  if (present.length === references.length) return []
  if (present.length > 0) {
    const patch = { metadata: { uid, ownerReferences: present } }
    return [{ verb: 'patch', resource, namespace, name, patch }]
  }
  const propagationPolicy = policyOf(object, states.includes('waiting') && hasDependents)
  const options = { propagationPolicy, preconditions: { uid, resourceVersion } }
  return [{ verb: 'delete', resource, namespace, name, options }]
}

/** Foreground passes down from an owner that waits; otherwise the object's own finalizers say how. */
function policyOf(object: KubeObject, foreground: boolean): 'Foreground' | 'Orphan' | 'Background' {
  const finalizers = object.metadata.finalizers ?? []
  if (foreground || finalizers.includes(FOREGROUND)) return 'Foreground'
  return finalizers.includes(ORPHAN) ? 'Orphan' : 'Background'
}

/** An object that is being deleted and waits for the collector to do this. */
export function awaits(object: KubeObject, finalizer: string): boolean {
  return (
    object.metadata.deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).includes(finalizer)
  )
}

/** The owner's references taken out of a dependent: it lives on as an orphan. */
export function orphanChange(resource: Resource, dependent: KubeObject, ownerUid: string): Change {
  const { namespace, name, uid, ownerReferences = [] } = dependent.metadata
  const kept = ownerReferences.filter((ref) => ref.uid !== ownerUid)
  const patch = { metadata: { uid, ownerReferences: kept.length > 0 ? kept : null } }
  return { verb: 'patch', resource, namespace, name, patch }
}

/** The finalizer done with. */
export function finalizerChange(resource: Resource, object: KubeObject, finalizer: string): Change {
  const { namespace, name, uid, finalizers = [] } = object.metadata
  const kept = finalizers.filter((one) => one !== finalizer)
  const patch = { metadata: { uid, finalizers: kept.length > 0 ? kept : null } }
  return { verb: 'patch', resource, namespace, name, patch }
}
