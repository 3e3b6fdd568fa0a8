/** How many pods a ReplicaSet lacks, or which it has too many. */
import type { KubeObject, Manifest } from '../../objects.ts'
import { controllerRef } from '../shared/owners.ts'
import { isActive, type Pod } from '../shared/pods.ts'
import { podsToDelete } from './deletion-order.ts'

/** Pods created or deleted in one sync at most, as the real controller's burst. */
const BURST = 500

export interface ManageInput {
  replicaSet: KubeObject
  /** Those that the ReplicaSet controls. */
  pods: Pod[]
  /** Active pods of all ReplicaSets of the same owner. */
  related: Pod[]
  now: number
}

/** `create` pods to add, or `remove` pods to delete; a ReplicaSet that is being deleted does neither. */
export function manageReplicas(input: ManageInput): { create: number; remove: Pod[] } {
  const { replicaSet, pods, related, now } = input
  if (replicaSet.metadata.deletionTimestamp) return { create: 0, remove: [] }
  const active = pods.filter(isActive)
  const missing = (replicaSet.spec.replicas ?? 1) - active.length
  if (missing >= 0) return { create: Math.min(missing, BURST), remove: [] }
  return { create: 0, remove: podsToDelete(active, related, Math.min(-missing, BURST), now) }
}

/** A pod of the template, named by the server. */
export function podManifest(owner: KubeObject): Manifest {
  const { metadata = {}, spec } = owner.spec.template
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace,
      ...(metadata.labels ? { labels: { ...metadata.labels } } : {}),
      ...(metadata.annotations ? { annotations: { ...metadata.annotations } } : {}),
      ...(metadata.finalizers ? { finalizers: [...metadata.finalizers] } : {}),
      ownerReferences: [controllerRef(owner)],
    },
    spec: structuredClone(spec),
  }
}
