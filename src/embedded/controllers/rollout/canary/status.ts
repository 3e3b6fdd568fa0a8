/** The status of a canary at the end of a pass, and the one step that a pass may complete. */
import { formatLabelSelector } from '../../../selectors.ts'
import { isAborted, planEvent, type RolloutPlan } from '../plan.ts'
import { totalStatus } from '../replica-sets.ts'
import { isRollbackWithinWindow } from '../rollback-window.ts'
import { canarySteps } from '../spec.ts'
import { baseStatus } from '../status/base.ts'
import { finishStatus } from '../status/persist.ts'
import { promote, promotionReason } from '../status/promotion.ts'
import { hasTemplateChanged, haveStepsChanged, resetForUpdate } from '../status/reset.ts'
import { stepsHash } from '../steps-hash.ts'
import type { RolloutStatus } from '../types.ts'
import { hasCanaryCounts } from './counts-reached.ts'
import { isPauseOver } from './pause.ts'
import { currentStep, stepText } from './steps.ts'

export function syncCanaryStatus(plan: RolloutPlan): void {
  const { rollout, replicaSets } = plan
  const next: RolloutStatus = {
    ...baseStatus(plan),
    availableReplicas: totalStatus(replicaSets, 'availableReplicas'),
    HPAReplicas: totalStatus(replicaSets, 'replicas'),
    selector: formatLabelSelector(rollout.spec.selector),
    currentStepHash: stepsHash(canarySteps(rollout)),
  }
  if (hasTemplateChanged(plan) || haveStepsChanged(plan)) resetForUpdate(plan, next)
  else walk(plan, next)
  finishStatus(plan, next)
}

function walk(plan: RolloutPlan, next: RolloutStatus): void {
  const { rollout, before, pause } = plan
  const steps = canarySteps(rollout).length
  const skip = before.promoteFull || isRollbackWithinWindow(plan)
  if (skip) {
    pause.clear = true
    pause.removeAbort = true
  }
  const reason = promotionReason(plan, next)
  if (reason) {
    promote(plan, next, reason)
    return
  }
  if (isAborted(plan)) {
    if (steps > 0) next.currentStepIndex = next.stableRS === next.currentPodHash ? steps : 0
    return
  }
  const { index } = currentStep(rollout, before)
  next.currentStepIndex = skip && steps > 0 ? steps : index
  if (!skip && isStepDone(plan)) completeStep(plan, next, index!)
}

function completeStep(plan: RolloutPlan, next: RolloutStatus, index: number): void {
  const steps = canarySteps(plan.rollout)
  next.currentStepIndex = index + 1
  if (next.canary) next.canary = { ...next.canary, currentStepAnalysisRunStatus: undefined }
  plan.pause.remove.add('CanaryPauseStep')
  const message = `Rollout step ${index + 1}/${steps.length} completed (${stepText(steps[index]!)})`
  planEvent(plan, 'RolloutStepCompleted', message)
}

function isStepDone(plan: RolloutPlan): boolean {
  const { rollout, before, runs } = plan
  const { step } = currentStep(rollout, before)
  if (!step || rollout.spec.paused) return false
  if (step.pause) return isPauseOver(plan, step.pause.duration)
  if (step.setCanaryScale) return hasCanaryCounts(plan, plan.weights)
  if (step.setWeight !== undefined)
    return hasCanaryCounts(plan, plan.weights) && plan.weights?.verified !== false
  if (step.experiment) return plan.currentExperiment?.status?.phase === 'Successful'
  if (step.analysis) return runs.step?.status?.phase === 'Successful'
  return step.setHeaderRoute !== undefined || step.setMirrorRoute !== undefined
}
