/** Sizes of a blue-green Rollout's ReplicaSets: both versions at full size until the old one's delay is over. */
import { isPostPromotionSkipped } from '../analysis/blue-green-runs.ts'
import { cleanUpHistory } from '../history.ts'
import { pauseCondition, type RolloutPlan } from '../plan.ts'
import { availableReplicas, byRevisionDescending, hashOf, specReplicas } from '../replica-sets.ts'
import { scaleReplicaSet } from '../scale.ts'
import { delayedSize, type Kept, removeScaleDownDeadlines, scaleNewReplicaSet } from '../scale-down-delay.ts'
import { findService, selectedHash } from '../services/switch.ts'
import { desiredReplicas } from '../spec.ts'

export function reconcileBlueGreenReplicaSets(plan: RolloutPlan): void {
  removeScaleDownDeadlines(plan)
  if (plan.stableSet) scaleReplicaSet(plan, plan.stableSet, desiredReplicas(plan.rollout))
  scaleNewReplicaSet(plan, newSize(plan))
  scaleOthers(plan)
  cleanUpHistory(plan)
}

/** previewReplicaCount until the promotion is near, spec.replicas otherwise. */
export function newSize({ rollout, before, newSet, replicaSets }: RolloutPlan): number {
  const desired = desiredReplicas(rollout)
  const { previewReplicaCount } = rollout.spec.strategy.blueGreen
  const active = before.blueGreen?.activeSelector
  const activeSet = replicaSets.find((replicaSet) => active && hashOf(replicaSet) === active)
  if (previewReplicaCount === undefined || !activeSet || activeSet === newSet) return desired
  if (before.promoteFull) return desired
  if (hashOf(newSet) !== before.currentPodHash) return previewReplicaCount
  const paused = rollout.spec.paused === true || (before.pauseConditions ?? []).length > 0
  return !paused && before.blueGreen?.scaleUpPreviewCheckPoint ? desired : previewReplicaCount
}

/** The new ReplicaSet has the size that it should have, all of it available. */
export function isReadyForPause(plan: RolloutPlan): boolean {
  const size = newSize(plan)
  return specReplicas(plan.newSet) === size && availableReplicas(plan.newSet) === size
}

function scaleOthers(plan: RolloutPlan): void {
  if (pauseCondition(plan, 'InconclusiveAnalysisRun') || isHeldForAnalysis(plan)) return
  const kept: Kept = { count: 0 }
  for (const replicaSet of plan.otherSets.toSorted(byRevisionDescending)) {
    if (specReplicas(replicaSet) === 0 || isReferenced(plan, hashOf(replicaSet))) continue
    scaleReplicaSet(plan, replicaSet, delayedSize(plan, replicaSet, kept, desiredReplicas(plan.rollout)))
  }
}

/** Without an explicit delay, old pods stay until the analysis after the switch is through. */
function isHeldForAnalysis(plan: RolloutPlan): boolean {
  const { postPromotionAnalysis, scaleDownDelaySeconds } = plan.rollout.spec.strategy.blueGreen
  if (!postPromotionAnalysis || scaleDownDelaySeconds !== undefined) return false
  return !isPostPromotionSkipped(plan) && plan.runs.postPromotion?.status?.phase !== 'Successful'
}

function isReferenced(plan: RolloutPlan, hash: string): boolean {
  const { stableRS, currentPodHash, blueGreen } = plan.before
  const { activeService, previewService } = plan.rollout.spec.strategy.blueGreen
  return [
    stableRS,
    currentPodHash,
    blueGreen?.activeSelector,
    blueGreen?.previewSelector,
    selectedHash(findService(plan, activeService)),
    selectedHash(findService(plan, previewService)),
  ].includes(hash)
}
