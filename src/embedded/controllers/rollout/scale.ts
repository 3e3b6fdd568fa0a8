/** Resizing one ReplicaSet of a Rollout. */

import type { KubeObject } from '../../objects.ts'
import { REPLICA_SETS } from '../shared/resources.ts'
import { DESIRED_REPLICAS, SCALE_DOWN_DEADLINE } from './names.ts'
import { planEvent, type RolloutPlan } from './plan.ts'
import { desiredAnnotation, revisionOf, scaleDownDeadline, specReplicas } from './replica-sets.ts'
import { desiredReplicas } from './spec.ts'

/**
 * Resizes a working copy and plans the write, with the desired-replicas annotation brought up to date. At
 * zero the scale-down deadline goes, unless `keepDeadline`. Answers whether the size changed.
 */
export function scaleReplicaSet(
  plan: RolloutPlan,
  replicaSet: KubeObject,
  size: number,
  { keepDeadline = false } = {},
): boolean {
  const desired = desiredReplicas(plan.rollout)
  const current = specReplicas(replicaSet)
  if (current === size && desiredAnnotation(replicaSet) === desired) return false
  const annotations: Record<string, string | null> = { [DESIRED_REPLICAS]: String(desired) }
  if (size === 0 && !keepDeadline && scaleDownDeadline(replicaSet) !== undefined) {
    annotations[SCALE_DOWN_DEADLINE] = null
  }
  annotate(replicaSet, annotations)
  replicaSet.spec.replicas = size
  plan.changes.push({
    verb: 'patch',
    resource: REPLICA_SETS,
    namespace: replicaSet.metadata.namespace,
    name: replicaSet.metadata.name,
    patch: { metadata: { annotations }, ...(current === size ? {} : { spec: { replicas: size } }) },
  })
  if (current === size) return false
  const { name } = replicaSet.metadata
  const direction = size > current ? 'up' : 'down'
  planEvent(
    plan,
    'ScalingReplicaSet',
    `Scaled ${direction} ReplicaSet ${name} (revision ${revisionOf(replicaSet)}) from ${current} to ${size}`,
  )
  return true
}

/** Changes annotations of a working copy; null removes. */
export function annotate(replicaSet: KubeObject, annotations: Record<string, string | null>): void {
  const merged: Record<string, string> = { ...replicaSet.metadata.annotations }
  for (const [key, value] of Object.entries(annotations)) {
    if (value === null) delete merged[key]
    else merged[key] = value
  }
  replicaSet.metadata.annotations = merged
}
