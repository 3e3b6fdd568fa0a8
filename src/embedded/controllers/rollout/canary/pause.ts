/** Pause steps of a canary. */
import { pauseCondition, type RolloutPlan, requeueAfter } from '../plan.ts'
import { pauseSeconds } from '../spec.ts'
import { currentStep } from './steps.ts'

/** Enters a pause step, or plans to look again when it ends. */
export function reconcileCanaryPause(plan: RolloutPlan): void {
  const { rollout, before, now } = plan
  if (rollout.spec.paused || before.promoteFull) return
  const { step } = currentStep(rollout, before)
  if (!step?.pause) return
  const condition = pauseCondition(plan, 'CanaryPauseStep')
  if (!condition) {
    // With controllerPause set, a person has cleared the condition: the step is done.
    if (!before.controllerPause) plan.pause.add.add('CanaryPauseStep')
    return
  }
  const seconds = pauseSeconds(step.pause.duration)
  if (seconds === undefined) return
  const end = Date.parse(condition.startTime) + seconds * 1000
  requeueAfter(plan, end - now + 1)
}

/** The time is up, or a person has gone on. */
export function isPauseOver(plan: RolloutPlan, duration: number | string | undefined): boolean {
  const condition = pauseCondition(plan, 'CanaryPauseStep')
  if (!condition) return plan.before.controllerPause === true
  const seconds = pauseSeconds(duration)
  return seconds !== undefined && plan.now > Date.parse(condition.startTime) + seconds * 1000
}
