/** When the current template becomes the stable one. */
import { currentStep } from '../canary/steps.ts'
import { isAborted, planEvent, type RolloutPlan } from '../plan.ts'
import { availableReplicas, revisionOf } from '../replica-sets.ts'
import { isProgressed } from '../replicas/threshold.ts'
import { isRollbackWithinWindow } from '../rollback-window.ts'
import { swapPingPong } from '../services/ping-pong.ts'
import { canarySteps, desiredReplicas, isBlueGreen } from '../spec.ts'
import type { RolloutStatus } from '../types.ts'

/** Why the new ReplicaSet is to be stable now; undefined while an update is on its way. */
export function promotionReason(plan: RolloutPlan, next: RolloutStatus): string | undefined {
  if (!plan.stableSet) return 'Initial deploy'
  return isBlueGreen(plan.rollout) ? blueGreenReason(plan, next) : canaryReason(plan)
}

function canaryReason(plan: RolloutPlan): string | undefined {
  const { rollout, before, newSet } = plan
  const desired = desiredReplicas(rollout)
  const threshold = rollout.spec.strategy.canary.replicaProgressThreshold
  // More than desired is enough: an HPA may have scaled the Rollout down meanwhile.
  const enough = availableReplicas(newSet) >= desired || isProgressed(threshold, newSet, desired)
  if (isAborted(plan) || !enough) return undefined
  if (before.promoteFull) return 'Full promotion requested'
  if (isRollbackWithinWindow(plan)) return 'Rollback within window'
  const steps = canarySteps(rollout).length
  const walked = steps === 0 || currentStep(rollout, before).index === steps
  return walked ? `Completed all ${steps} canary steps` : undefined
}

function blueGreenReason(plan: RolloutPlan, next: RolloutStatus): string | undefined {
  const { activeSelector } = next.blueGreen ?? {}
  // A first deploy must be stable before the active Service can be switched to it.
  if (!activeSelector) return 'Initial deploy'
  if (activeSelector !== next.currentPodHash) return undefined
  if (plan.before.promoteFull) return 'Full promotion requested'
  if (isRollbackWithinWindow(plan)) return 'Rollback within window'
  if (isAborted(plan)) return undefined
  if (plan.rollout.spec.strategy.blueGreen.postPromotionAnalysis) {
    if (plan.withinDelay) {
      return `Rollback to '${plan.newSet.metadata.name}' within scaleDownDelay`
    }
    if (plan.runs.postPromotion?.status?.phase !== 'Successful') return undefined
  }
  return 'Completed blue-green update'
}

/** Marks the current template as stable. */
export function promote(plan: RolloutPlan, next: RolloutStatus, reason: string): void {
  plan.pause.clear = true
  plan.pause.removeAbort = true
  next.promoteFull = false
  if (next.blueGreen) next.blueGreen = { ...next.blueGreen, scaleUpPreviewCheckPoint: undefined }
  if (!isBlueGreen(plan.rollout)) {
    const steps = canarySteps(plan.rollout).length
    next.currentStepIndex = steps > 0 ? steps : undefined
  }
  if (next.stableRS === next.currentPodHash) return
  swapPingPong(plan.rollout, plan.before, next)
  next.stableRS = next.currentPodHash
  const revision = revisionOf(plan.newSet)
  const update = `Rollout completed update to revision ${revision} (${next.currentPodHash})`
  planEvent(plan, 'RolloutCompleted', `${update}: ${reason}`)
}
