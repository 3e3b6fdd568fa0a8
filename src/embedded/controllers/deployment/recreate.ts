/** Recreate: the old pods go entirely before the first new one comes. */
import { controllerOf } from '../../objects.ts'
import { isFinished } from '../shared/pods.ts'
import { desiredReplicas } from './limits.ts'
import { newReplicaSet } from './new-replica-set.ts'
import { oldReplicaSets, type Plan, scaleReplicaSet } from './plan.ts'
import { active } from './replica-sets.ts'

/** One step of a Recreate rollout. */
export function recreate(plan: Plan): void {
  newReplicaSet(plan, { create: false })
  const old = active(oldReplicaSets(plan))
  for (const replicaSet of old) scaleReplicaSet(plan, replicaSet, 0)
  if (old.length > 0 || oldPodsRun(plan)) return
  const current = newReplicaSet(plan, { create: true })!
  scaleReplicaSet(plan, current, desiredReplicas(plan.deployment))
}

/** A terminating pod still runs: it may hold what the new one needs. */
function oldPodsRun(plan: Plan): boolean {
  const old = new Set(oldReplicaSets(plan).map((replicaSet) => replicaSet.metadata.uid))
  return plan.pods.some((pod) => old.has(controllerOf(pod)?.uid ?? '') && !isFinished(pod))
}
