/** One pass of a blue-green Rollout. */
import type { KubeObject } from '../../../objects.ts'
import { isPrePromotionDone } from '../analysis/blue-green-runs.ts'
import { reconcileAnalysis } from '../analysis/reconcile-runs.ts'
import { isHalted, type RolloutPlan } from '../plan.ts'
import { reconcileEphemeralMetadata } from '../pods/ephemeral-metadata.ts'
import { hashOf, isSaturated } from '../replica-sets.ts'
import { restartPods } from '../restart.ts'
import { findService, selectedHash, switchService } from '../services/switch.ts'
import { desiredReplicas } from '../spec.ts'
import { hasTemplateChanged } from '../status/reset.ts'
import { isBlueGreenPauseOver, isFastTracked, reconcileBlueGreenPause } from './pause.ts'
import { isReadyForPause, reconcileBlueGreenReplicaSets } from './replica-sets.ts'
import { syncBlueGreenStatus } from './status.ts'

/** Moves a blue-green Rollout one step on, in the order of upstream's rolloutBlueGreen. */
export function reconcileBlueGreen(plan: RolloutPlan): void {
  const { activeService, previewService } = plan.rollout.spec.strategy.blueGreen
  const preview = findService(plan, previewService)
  // Validation has seen to it that the Service is there.
  const active = findService(plan, activeService)!
  if (preview && !isHalted(plan)) switchService(plan, preview, hashOf(plan.newSet))
  if (!hasTemplateChanged(plan)) {
    restartPods(plan)
    reconcileBlueGreenReplicaSets(plan)
    reconcileBlueGreenPause(plan, active)
    switchActiveService(plan, active)
    reconcileAnalysis(plan)
    reconcileEphemeralMetadata(plan)
  }
  syncBlueGreenStatus(plan)
}

/** Traffic moves once all new pods are available and nothing holds it; on an abort it goes back. */
function switchActiveService(plan: RolloutPlan, active: KubeObject): void {
  const { before, newSet, rollout } = plan
  if (isHalted(plan) || !isReadyForPause(plan) || !isSaturated(newSet, desiredReplicas(rollout))) return
  const approved = isBlueGreenPauseOver(plan) && isPrePromotionDone(plan)
  const forward = isFastTracked(plan, active) || approved ? hashOf(newSet) : selectedHash(active)
  const hash = before.abort ? before.stableRS : forward
  if (hash) switchService(plan, active, hash)
}
