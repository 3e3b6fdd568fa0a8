/** Scaling a Deployment in the middle of a rollout, or a paused one: every ReplicaSet gets its share. */
import type { KubeObject } from '../../objects.ts'
import { DESIRED_REPLICAS, MAX_REPLICAS } from './annotations.ts'
import { desiredReplicas, isRollingUpdate, maxSurge } from './limits.ts'
import { newReplicaSet } from './new-replica-set.ts'
import { oldReplicaSets, type Plan, scaleReplicaSet } from './plan.ts'
import { active, availableReplicas, byCreation, specReplicas, totalSpec } from './replica-sets.ts'

/** True when spec.replicas moved since the active ReplicaSets were last sized. */
export function isScalingEvent(plan: Plan): boolean {
  const desired = String(desiredReplicas(plan.deployment))
  return active(plan.replicaSets).some((replicaSet) => {
    const annotated = replicaSet.metadata.annotations?.[DESIRED_REPLICAS]
    return annotated !== undefined && annotated !== desired
  })
}

/** Brings the ReplicaSets to the Deployment's new size without moving the rollout on. */
export function scaleProportionally(plan: Plan): void {
  const { deployment } = plan
  const current = newReplicaSet(plan, { create: false })
  const only = activeOrLatest(plan, current)
  if (only) {
    if (specReplicas(only) !== desiredReplicas(deployment)) {
      scaleReplicaSet(plan, only, desiredReplicas(deployment))
    }
    return
  }
  if (current && isSaturated(deployment, current)) {
    for (const replicaSet of active(oldReplicaSets(plan))) scaleReplicaSet(plan, replicaSet, 0)
    return
  }
  if (isRollingUpdate(deployment)) share(plan)
}

/** The one active ReplicaSet, or with none active the new or the latest; undefined when several are active. */
function activeOrLatest(plan: Plan, current: KubeObject | undefined): KubeObject | undefined {
  const running = active(plan.replicaSets)
  if (running.length > 1) return undefined
  return running[0] ?? current ?? oldReplicaSets(plan).toSorted(byCreation).at(-1)
}

function isSaturated(deployment: KubeObject, current: KubeObject): boolean {
  const desired = desiredReplicas(deployment)
  return (
    current.metadata.annotations?.[DESIRED_REPLICAS] === String(desired) &&
    specReplicas(current) === desired &&
    availableReplicas(current) === desired
  )
}

/** Adds or removes replicas by size; what rounding leaves goes to the first (the largest). */
function share(plan: Plan): void {
  const desired = desiredReplicas(plan.deployment)
  const running = active(plan.replicaSets)
  const allowed = desired > 0 ? desired + maxSurge(plan.deployment) : 0
  const toAdd = allowed - totalSpec(running)
  // Growing favours the newer of two equal ones, shrinking takes from the older.
  const ordered = running.toSorted(
    (a, b) => specReplicas(b) - specReplicas(a) || (toAdd > 0 ? byCreation(b, a) : byCreation(a, b)),
  )
  let added = 0
  const sizes = ordered.map((replicaSet) => {
    const part = proportion(plan.deployment, replicaSet, toAdd, added)
    added += part
    return specReplicas(replicaSet) + part
  })
  if (toAdd !== 0 && sizes.length > 0) sizes[0] = Math.max(0, sizes[0]! + toAdd - added)
  ordered.forEach((replicaSet, at) => {
    scaleReplicaSet(plan, replicaSet, sizes[at]!)
  })
}

function proportion(deployment: KubeObject, replicaSet: KubeObject, toAdd: number, added: number): number {
  if (toAdd === 0 || toAdd === added) return 0
  const part = fraction(deployment, replicaSet)
  return toAdd > 0 ? Math.min(part, toAdd - added) : Math.max(part, toAdd - added)
}

function fraction(deployment: KubeObject, replicaSet: KubeObject): number {
  const desired = desiredReplicas(deployment)
  const size = specReplicas(replicaSet)
  if (desired === 0) return -size
  const before = Number(replicaSet.metadata.annotations?.[MAX_REPLICAS]) || (deployment.status?.replicas ?? 0)
  if (before === 0) return 0
  return Math.round((size * (desired + maxSurge(deployment))) / before) - size
}
