/** The status at the start of an update. */
import { planEvent, type RolloutPlan } from '../plan.ts'
import { hashOf, specReplicas } from '../replica-sets.ts'
import { isRollbackWithinWindow } from '../rollback-window.ts'
import { canarySteps, isBlueGreen } from '../spec.ts'
import { stepsHash } from '../steps-hash.ts'
import type { RolloutStatus } from '../types.ts'

/** The template is another one than the status is about. */
export function hasTemplateChanged({ before, newSet }: RolloutPlan): boolean {
  return before.currentPodHash !== undefined && before.currentPodHash !== hashOf(newSet)
}

/** The list of steps is another one, or none was recorded yet. */
export function haveStepsChanged({ rollout, before }: RolloutPlan): boolean {
  return before.currentStepHash !== stepsHash(canarySteps(rollout))
}

/** Clears what belongs to the update before; steps begin again, unless this goes back to what runs already. */
export function resetForUpdate(plan: RolloutPlan, next: RolloutStatus): void {
  plan.pause.clear = true
  plan.pause.removeAbort = true
  next.promoteFull = undefined
  const { weights, stablePingPong } = next.canary ?? {}
  next.canary = { ...(weights ? { weights } : {}), ...(stablePingPong ? { stablePingPong } : {}) }
  next.blueGreen = {}
  if (isBlueGreen(plan.rollout)) return
  const steps = canarySteps(plan.rollout).length
  if (steps === 0) return
  next.currentStepIndex = 0
  if (plan.before.stableRS === hashOf(plan.newSet)) {
    planEvent(plan, 'SkipSteps', 'Rollback to stable ReplicaSets')
    next.currentStepIndex = steps
  } else if (isRollbackWithinWindow(plan) && specReplicas(plan.newSet) > 0) {
    planEvent(plan, 'SkipSteps', 'Rollback to active ReplicaSets within RollbackWindow')
    next.currentStepIndex = steps
  }
}
