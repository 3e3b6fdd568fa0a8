/** Rolling update: up with the new ReplicaSet, or down with the old ones, one direction a sync. */
import type { KubeObject } from '../../objects.ts'
import { desiredReplicas, maxUnavailable } from './limits.ts'
import { newReplicaSet, newReplicaSetSize } from './new-replica-set.ts'
import { oldReplicaSets, type Plan, scaleReplicaSet } from './plan.ts'
import {
  active,
  availableReplicas,
  byCreation,
  specReplicas,
  totalSpec,
  totalStatus,
} from './replica-sets.ts'

/** One step of a rolling update. */
export function rollingUpdate(plan: Plan): void {
  const current = newReplicaSet(plan, { create: true })!
  if (scaleNew(plan, current)) return
  scaleDownOld(plan, current)
}

function scaleNew(plan: Plan, current: KubeObject): boolean {
  const desired = desiredReplicas(plan.deployment)
  const size = specReplicas(current)
  if (size === desired) return false
  return scaleReplicaSet(plan, current, size > desired ? desired : newReplicaSetSize(plan, current))
}

function scaleDownOld(plan: Plan, current: KubeObject): void {
  const old = active(oldReplicaSets(plan)).toSorted(byCreation)
  if (old.length === 0) return
  const minAvailable = desiredReplicas(plan.deployment) - maxUnavailable(plan.deployment)
  const newUnavailable = specReplicas(current) - availableReplicas(current)
  const removable = totalSpec(plan.replicaSets) - minAvailable - newUnavailable
  if (removable <= 0) return
  removeUnhealthy(plan, old, removable)
  removeAvailable(plan, old, totalStatus(plan.replicaSets, 'availableReplicas') - minAvailable)
}

/** Old pods that are not available serve nobody: they go first, so that they cannot block the rollout. */
function removeUnhealthy(plan: Plan, old: KubeObject[], removable: number): void {
  let left = removable
  for (const replicaSet of old) {
    const unhealthy = specReplicas(replicaSet) - availableReplicas(replicaSet)
    if (left <= 0) return
    if (unhealthy <= 0) continue
    const count = Math.min(left, unhealthy)
    scaleReplicaSet(plan, replicaSet, specReplicas(replicaSet) - count)
    left -= count
  }
}

function removeAvailable(plan: Plan, old: KubeObject[], removable: number): void {
  let left = removable
  for (const replicaSet of old) {
    if (left <= 0) return
    const count = Math.min(left, specReplicas(replicaSet))
    if (count === 0) continue
    scaleReplicaSet(plan, replicaSet, specReplicas(replicaSet) - count)
    left -= count
  }
}
