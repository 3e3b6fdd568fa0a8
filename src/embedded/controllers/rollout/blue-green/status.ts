/** The status of a blue-green Rollout at the end of a pass. */

import { formatLabelSelector } from '../../../selectors.ts'
import { isPrePromotionDone } from '../analysis/blue-green-runs.ts'
import type { RolloutPlan } from '../plan.ts'
import { availableReplicas, hashOf, totalStatus } from '../replica-sets.ts'
import { isRollbackWithinWindow } from '../rollback-window.ts'
import { findService, selectedHash } from '../services/switch.ts'
import { baseStatus } from '../status/base.ts'
import { finishStatus } from '../status/persist.ts'
import { promote, promotionReason } from '../status/promotion.ts'
import { hasTemplateChanged, resetForUpdate } from '../status/reset.ts'
import type { RolloutStatus } from '../types.ts'
import { isBlueGreenPauseOver } from './pause.ts'

export function syncBlueGreenStatus(plan: RolloutPlan): void {
  const { rollout, before, pause } = plan
  const { activeService, previewService } = rollout.spec.strategy.blueGreen
  const next = baseStatus(plan)
  if (hasTemplateChanged(plan)) resetForUpdate(plan, next)
  if (before.promoteFull || isRollbackWithinWindow(plan)) {
    pause.clear = true
    pause.removeAbort = true
  }
  next.blueGreen = {
    ...next.blueGreen,
    previewSelector: selectedHash(findService(plan, previewService)) || undefined,
    activeSelector: selectedHash(findService(plan, activeService)) || undefined,
  }
  const reason = promotionReason(plan, next)
  if (reason) promote(plan, next, reason)
  else if (hasPassedCheckPoint(plan, next)) {
    next.blueGreen = { ...next.blueGreen, scaleUpPreviewCheckPoint: true }
  }
  finishStatus(plan, { ...next, ...activeCounts(plan, next) })
}

/** HPA and availability look at the pods that serve; at all pods while none is active. */
function activeCounts(plan: RolloutPlan, next: RolloutStatus): Partial<RolloutStatus> {
  const { replicaSets, rollout } = plan
  const { activeSelector } = next.blueGreen ?? {}
  const active = replicaSets.find((replicaSet) => activeSelector && hashOf(replicaSet) === activeSelector)
  const counted = active ? [active] : replicaSets
  return {
    HPAReplicas: totalStatus(counted, 'replicas'),
    selector: formatLabelSelector((active ?? rollout).spec.selector),
    availableReplicas: totalStatus(counted, 'availableReplicas'),
    readyReplicas: totalStatus(counted, 'readyReplicas'),
  }
}

/** With previewReplicaCount: the small preview is accepted, and grows to full size before the switch. */
function hasPassedCheckPoint(plan: RolloutPlan, next: RolloutStatus): boolean {
  const { previewReplicaCount } = plan.rollout.spec.strategy.blueGreen
  if (previewReplicaCount === undefined) return false
  if (plan.before.blueGreen?.scaleUpPreviewCheckPoint && !hasTemplateChanged(plan)) return true
  if (next.currentPodHash === next.stableRS || !isPrePromotionDone(plan)) return false
  return isBlueGreenPauseOver(plan) && availableReplicas(plan.newSet) === previewReplicaCount
}
