/** Progress of a Rollout: healthy, moving, or stuck past its deadline. */

import type { KubeObject } from '../../../objects.ts'
import { findCondition } from '../../shared/conditions.ts'
import { currentStep } from '../canary/steps.ts'
import { isAborted, type RolloutPlan, requeueAfter } from '../plan.ts'
import { scaleDownDeadline } from '../replica-sets.ts'
import { canarySteps, desiredReplicas, isBlueGreen, progressDeadlineSeconds } from '../spec.ts'
import type { RolloutStatus } from '../types.ts'

/** Every replica is updated, available and serving, and the generation was seen by an earlier pass. */
export function isHealthy(rollout: KubeObject, before: RolloutStatus, next: RolloutStatus): boolean {
  const desired = desiredReplicas(rollout)
  return (
    (next.updatedReplicas ?? 0) === desired &&
    (next.availableReplicas ?? 0) === desired &&
    before.observedGeneration === String(rollout.metadata.generation ?? 1) &&
    (isBlueGreen(rollout) ? hasSwitched(rollout, next) : hasPromoted(rollout, next, desired))
  )
}

function hasSwitched(rollout: KubeObject, { blueGreen, currentPodHash }: RolloutStatus): boolean {
  const { previewService } = rollout.spec.strategy.blueGreen
  return (
    blueGreen?.activeSelector === currentPodHash &&
    (!previewService || blueGreen?.previewSelector === currentPodHash)
  )
}

function hasPromoted(rollout: KubeObject, next: RolloutStatus, desired: number): boolean {
  const steps = canarySteps(rollout).length
  const walked = steps === 0 || next.currentStepIndex === undefined || next.currentStepIndex === steps
  return walked && isPromoted(next) && (next.replicas ?? 0) === desired
}

/** The current template is the stable one. */
export function isPromoted(status: RolloutStatus): boolean {
  return Boolean(status.stableRS) && status.stableRS === status.currentPodHash
}

/** Anything got better since the status before: that restarts the deadline. */
export function isMoving(rollout: KubeObject, before: RolloutStatus, next: RolloutStatus): boolean {
  const old = (status: RolloutStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0)
  return (
    (next.updatedReplicas ?? 0) !== (before.updatedReplicas ?? 0) ||
    old(next) < old(before) ||
    (next.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (before.availableReplicas ?? 0) ||
    (isBlueGreen(rollout) ? hasSwitchedNow(before, next) : hasSteppedNow(before, next))
  )
}

function hasSwitchedNow(before: RolloutStatus, next: RolloutStatus): boolean {
  return (
    before.blueGreen?.activeSelector !== next.blueGreen?.activeSelector ||
    before.blueGreen?.previewSelector !== next.blueGreen?.previewSelector
  )
}

function hasSteppedNow(before: RolloutStatus, next: RolloutStatus): boolean {
  const stepped =
    before.currentStepIndex !== undefined &&
    next.currentStepIndex !== undefined &&
    before.currentStepIndex !== next.currentStepIndex
  return stepped || before.stableRS !== next.stableRS || before.currentStepHash !== next.currentStepHash
}

/** Past the deadline since the last progress, where the deadline counts. */
export function isTimedOut(plan: RolloutPlan, next: RolloutStatus): boolean {
  const condition = findCondition(next.conditions, 'Progressing')
  if (!condition || isWaiting(plan)) return false
  if (plan.otherSets.some((replicaSet) => scaleDownDeadline(replicaSet) !== undefined)) return false
  if (condition.reason === 'RolloutAborted' || condition.reason === 'RolloutPaused') return false
  if (condition.reason === 'ProgressDeadlineExceeded') return true
  return deadlineOf(plan, condition.lastUpdateTime) < plan.now
}

/** At a step that takes as long as it takes, or paused. */
function isWaiting({ rollout, before }: RolloutPlan): boolean {
  const { step } = currentStep(rollout, before)
  if (step?.experiment || step?.analysis || step?.pause) return true
  return findCondition(before.conditions, 'Paused')?.status === 'True'
}

function deadlineOf(plan: RolloutPlan, lastUpdateTime: string | undefined): number {
  return Date.parse(lastUpdateTime ?? '') + progressDeadlineSeconds(plan.rollout) * 1000
}

/** Looks again a second past the deadline, when it counts. */
export function watchDeadline(plan: RolloutPlan, next: RolloutStatus): void {
  const condition = findCondition(next.conditions, 'Progressing')
  const paused = (next.pauseConditions ?? []).length > 0 || plan.rollout.spec.paused
  if (!condition || condition.reason === 'ProgressDeadlineExceeded' || paused || isAborted(plan)) return
  if (isHealthy(plan.rollout, next, next) || isWaiting(plan)) return
  const left = deadlineOf(plan, condition.lastUpdateTime) - plan.now
  requeueAfter(plan, Math.max(0, left) + 1000)
}
