/** How many pods the new and the stable ReplicaSet of a canary should have now. */
import type { KubeObject } from '../../../objects.ts'
import type { RolloutPlan } from '../plan.ts'
import { availableReplicas, specReplicas, totalSpec } from '../replica-sets.ts'
import type { Counts } from '../replicas/approximate.ts'
import { basicCanaryCounts, type Size } from '../replicas/basic-canary.ts'
import { maxSurge, maxUnavailable } from '../replicas/limits.ts'
import { trafficRoutedCounts } from '../replicas/traffic-routed.ts'
import { canarySteps, desiredReplicas, isTrafficRouted, maxTrafficWeight } from '../spec.ts'
import type { TrafficWeights } from '../types.ts'
import { canaryScaleInForce, currentSetWeight, isAllToNew } from './steps.ts'

/** `weights` are what the router does; without a router they are not looked at. */
export function canaryCounts(plan: RolloutPlan, weights: TrafficWeights | undefined): Counts {
  const { rollout, before, newSet, stableSet } = plan
  const replicas = desiredReplicas(rollout)
  if (!isTrafficRouted(rollout)) {
    return basicCanaryCounts({
      replicas,
      weight: isAllToNew(before) ? 100 : currentSetWeight(rollout, before),
      surge: maxSurge(rollout),
      unavailable: maxUnavailable(rollout),
      canary: sizeOf(newSet),
      stable: stableSet && stableSet !== newSet ? sizeOf(stableSet) : undefined,
      others: totalSpec(plan.otherSets),
    })
  }
  const { dynamicStableScale = false, minPodsPerReplicaSet = 0 } = rollout.spec.strategy.canary
  const scale = canaryScaleInForce(rollout, before)
  return trafficRoutedCounts({
    replicas,
    weight: scale?.weight ?? desiredCanaryWeight(plan),
    maxWeight: maxTrafficWeight(rollout),
    canaryReplicas: scale?.replicas,
    dynamicStableScale,
    aborted: before.abort === true,
    minPods: minPodsPerReplicaSet,
    // No router has moved anything: all traffic is on the stable version, which must be able to carry it.
    weights: weights ?? { canary: { weight: 0 }, stable: { weight: maxTrafficWeight(rollout) } },
  })
}

/** The weight that the steps ask for; on an abort with dynamicStableScale, down one setWeight at a time. */
export function desiredCanaryWeight(plan: RolloutPlan): number {
  const { rollout, before, newSet, stableSet } = plan
  if (isAllToNew(before)) return maxTrafficWeight(rollout)
  if (!before.abort || !rollout.spec.strategy.canary.dynamicStableScale || !stableSet) {
    return currentSetWeight(rollout, before)
  }
  const replicas = desiredReplicas(rollout)
  const canaryPods = Math.max(replicas - availableReplicas(stableSet), availableReplicas(newSet))
  const lower = canarySteps(rollout)
    .toReversed()
    .map(({ setWeight }) => setWeight)
    .find(
      (weight) =>
        weight !== undefined && Math.ceil((weight * replicas) / maxTrafficWeight(rollout)) < canaryPods,
    )
  return lower ?? 0
}

function sizeOf(replicaSet: KubeObject): Size {
  return { spec: specReplicas(replicaSet), available: availableReplicas(replicaSet) }
}
