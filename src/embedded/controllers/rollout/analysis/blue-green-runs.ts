/** When the analyses before and after a blue-green switch have nothing to look at. */
import type { RolloutPlan } from '../plan.ts'
import { availableReplicas, hashOf, isSaturated, specReplicas } from '../replica-sets.ts'
import { desiredReplicas } from '../spec.ts'

/** Promoted already, switched already, or the preview is not complete (unless the run has begun). */
export function isPrePromotionSkipped(plan: RolloutPlan): boolean {
  const { rollout, before, newSet, runs } = plan
  const hash = hashOf(newSet)
  const { activeSelector } = before.blueGreen ?? {}
  if (before.stableRS === hash || !activeSelector || activeSelector === hash) return true
  if (runs.prePromotion) return false
  const { previewReplicaCount } = rollout.spec.strategy.blueGreen
  if (previewReplicaCount === undefined) return !isSaturated(newSet, desiredReplicas(rollout))
  return specReplicas(newSet) !== previewReplicaCount || availableReplicas(newSet) !== previewReplicaCount
}

/** Promoted already, not switched yet, or the new ReplicaSet is not complete (unless the run has begun). */
export function isPostPromotionSkipped(plan: RolloutPlan): boolean {
  const { rollout, before, newSet, runs } = plan
  const hash = hashOf(newSet)
  if (before.stableRS === hash || before.blueGreen?.activeSelector !== hash) return true
  return !runs.postPromotion && !isSaturated(newSet, desiredReplicas(rollout))
}

/** The analysis before the switch, if there is one, has succeeded. */
export function isPrePromotionDone({ rollout, runs }: RolloutPlan): boolean {
  const wanted = rollout.spec.strategy.blueGreen?.prePromotionAnalysis
  return !wanted || runs.prePromotion?.status?.phase === 'Successful'
}
