/** Questions about the ReplicaSets of one Rollout. */
import type { KubeObject } from '../../objects.ts'
import { DESIRED_REPLICAS, HASH_LABEL, REVISION, SCALE_DOWN_DEADLINE } from './names.ts'

export function specReplicas(replicaSet: KubeObject): number {
  return replicaSet.spec.replicas ?? 1
}

export function statusReplicas(replicaSet: KubeObject): number {
  return replicaSet.status?.replicas ?? 0
}

export function availableReplicas(replicaSet: KubeObject): number {
  return replicaSet.status?.availableReplicas ?? 0
}

export function totalSpec(replicaSets: KubeObject[]): number {
  return replicaSets.reduce((sum, replicaSet) => sum + specReplicas(replicaSet), 0)
}

/** Sum of a counter of the ReplicaSets' statuses. */
export function totalStatus(
  replicaSets: KubeObject[],
  counter: 'replicas' | 'readyReplicas' | 'availableReplicas',
): number {
  return replicaSets.reduce((sum, replicaSet) => sum + (replicaSet.status?.[counter] ?? 0), 0)
}

/** Its pod-template hash, '' for a ReplicaSet that was made without. */
export function hashOf(replicaSet: KubeObject | undefined): string {
  return replicaSet?.metadata.labels?.[HASH_LABEL] ?? ''
}

/** The revision of a ReplicaSet or Rollout, 0 when it has none. */
export function revisionOf(object: KubeObject): number {
  return Number.parseInt(object.metadata.annotations?.[REVISION] ?? '0', 10) || 0
}

export function maxRevision(replicaSets: KubeObject[]): number {
  return Math.max(0, ...replicaSets.map(revisionOf))
}

/** The Rollout's size that this ReplicaSet was last scaled for; undefined when never. */
export function desiredAnnotation(replicaSet: KubeObject): number | undefined {
  const text = replicaSet.metadata.annotations?.[DESIRED_REPLICAS]
  return text === undefined ? undefined : Number.parseInt(text, 10)
}

/** Older first; by name where created in the same second. */
export function byCreation(a: KubeObject, b: KubeObject): number {
  return (
    a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
    (a.metadata.name < b.metadata.name ? -1 : 1)
  )
}

/** Highest revision first; the younger of two with the same. */
export function byRevisionDescending(a: KubeObject, b: KubeObject): number {
  return revisionOf(b) - revisionOf(a) || byCreation(b, a)
}

/** When it is to be scaled to 0, in ms; undefined when it is not. */
export function scaleDownDeadline(replicaSet: KubeObject | undefined): number | undefined {
  const text = replicaSet?.metadata.annotations?.[SCALE_DOWN_DEADLINE]
  return text ? Date.parse(text) : undefined
}

/** As large as the Rollout, known to be, and all of it available. */
export function isSaturated(replicaSet: KubeObject | undefined, desired: number): boolean {
  return (
    replicaSet !== undefined &&
    specReplicas(replicaSet) === desired &&
    desiredAnnotation(replicaSet) === desired &&
    availableReplicas(replicaSet) === desired
  )
}
