/** The weight that the router should give to the canary now: traffic follows pods, never the other way round. */
import { desiredCanaryWeight } from '../canary/counts.ts'
import { hasCanaryCounts } from '../canary/counts-reached.ts'
import { currentSetWeight, currentStep } from '../canary/steps.ts'
import { isAborted, type RolloutPlan } from '../plan.ts'
import { availableReplicas, hashOf } from '../replica-sets.ts'
import { canarySteps, desiredReplicas, isTrafficRouted, maxTrafficWeight } from '../spec.ts'
import { isPromoted } from '../status/progress.ts'

/** Upstream's reconcileTrafficRouting, without the routers. */
export function desiredWeight(plan: RolloutPlan): number {
  const { rollout, before, newSet } = plan
  if (isRollingBackToStable(plan)) return weightOnTheWayBack(plan)
  if (isPromoted(before)) return 0
  if (isAborted(plan)) return weightOnTheWayBack(plan)
  if (availableReplicas(newSet) === 0) return 0
  if (before.promoteFull) return weightOfFullPromotion(plan)
  const { index, step } = currentStep(rollout, before)
  if (index === undefined) return 0
  // The weight of the step before, until the canary can carry the next one.
  if (!hasCanaryCounts(plan, undefined)) {
    return (
      canarySteps(rollout)
        .slice(0, index)
        .findLast(({ setWeight }) => setWeight !== undefined)?.setWeight ?? 0
    )
  }
  return step ? currentSetWeight(rollout, before) : maxTrafficWeight(rollout)
}

/** With dynamicStableScale, in the middle of an update back to the stable version, which is too small as yet. */
export function isRollingBackToStable({ rollout, before, newSet }: RolloutPlan): boolean {
  const weights = before.canary?.weights
  if (!isPromoted(before) || !isTrafficRouted(rollout) || !weights) return false
  if (!rollout.spec.strategy.canary.dynamicStableScale) return false
  const behind = weights.canary.podTemplateHash !== hashOf(newSet)
  return behind && availableReplicas(newSet) < desiredReplicas(rollout)
}

/** With dynamicStableScale, down through the steps as the stable version grows; else all at once. */
function weightOnTheWayBack(plan: RolloutPlan): number {
  const { rollout, before, stableSet } = plan
  const replicas = desiredReplicas(rollout)
  if (!rollout.spec.strategy.canary.dynamicStableScale || !stableSet || replicas === 0) return 0
  const max = maxTrafficWeight(rollout)
  const wanted = desiredCanaryWeight(plan)
  const carried = Math.trunc((max * availableReplicas(stableSet)) / replicas)
  const expected = Math.max(0, max - carried)
  const current = before.canary?.weights?.canary.weight
  if (current === undefined) return Math.max(expected, wanted)
  if (wanted <= 0) return Math.min(expected, current)
  return carried < max - wanted ? current : Math.min(wanted, current)
}

function weightOfFullPromotion({ rollout, before, newSet }: RolloutPlan): number {
  if (!rollout.spec.strategy.canary.dynamicStableScale) return before.canary?.weights?.canary.weight ?? 0
  return Math.trunc((maxTrafficWeight(rollout) * availableReplicas(newSet)) / desiredReplicas(rollout))
}
