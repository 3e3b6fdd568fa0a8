/** Passes that only follow a change of spec.replicas: an HPA scales, whatever step the update is at. */

import { reconcileBlueGreenReplicaSets } from './blue-green/replica-sets.ts'
import { reconcileCanaryReplicaSets } from './canary/replica-sets.ts'
import type { RolloutPlan } from './plan.ts'
import { desiredAnnotation, hashOf, specReplicas, totalStatus } from './replica-sets.ts'
import { desiredReplicas, isBlueGreen } from './spec.ts'
import { pauseFields } from './status/pause-status.ts'
import { writeStatus } from './status/persist.ts'

/** The new or the stable ReplicaSet was last scaled for another size of the Rollout. */
export function isScalingEvent(plan: RolloutPlan): boolean {
  const desired = desiredReplicas(plan.rollout)
  return [plan.newSet, plan.stableSet].some((replicaSet) => {
    if (!replicaSet || specReplicas(replicaSet) === 0) return false
    const annotated = desiredAnnotation(replicaSet)
    return annotated !== undefined && annotated !== desired
  })
}

/** Scales and counts; no services, no steps, no conditions. */
export function syncReplicasOnly(plan: RolloutPlan): void {
  const { before, replicaSets } = plan
  let counted = replicaSets
  if (isBlueGreen(plan.rollout)) {
    reconcileBlueGreenReplicaSets(plan)
    const active = before.blueGreen?.activeSelector
    const activeSet = replicaSets.find((replicaSet) => active && hashOf(replicaSet) === active)
    if (activeSet) counted = [activeSet]
  } else {
    reconcileCanaryReplicaSets(plan)
  }
  writeStatus(plan, {
    ...before,
    abort: undefined,
    abortedAt: undefined,
    availableReplicas: totalStatus(counted, 'availableReplicas'),
    HPAReplicas: totalStatus(counted, 'replicas'),
    ...pauseFields(plan),
  })
}
