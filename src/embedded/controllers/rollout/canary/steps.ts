/** Where a canary is in its list of steps, and what weight that means. */
import type { KubeObject } from '../../../objects.ts'
import { abortScaleDownDelaySeconds, canarySteps, isTrafficRouted, maxTrafficWeight } from '../spec.ts'
import type { CanaryStep, RolloutStatus } from '../types.ts'

export interface Position {
  /** Absent without steps. Equal to the number of steps when all are done. */
  index: number | undefined
  /** Absent when no step is left. */
  step: CanaryStep | undefined
}

export function currentStep(rollout: KubeObject, status: RolloutStatus): Position {
  const steps = canarySteps(rollout)
  if (steps.length === 0) return { index: undefined, step: undefined }
  const index = status.currentStepIndex ?? 0
  return { index, step: steps[index] }
}

/** The nearest setWeight at or before the current step: 0 when there is none, everything past the last step. */
export function currentSetWeight(rollout: KubeObject, status: RolloutStatus): number {
  if (status.abort) return 0
  const { index, step } = currentStep(rollout, status)
  if (!step) return maxTrafficWeight(rollout)
  const reached = canarySteps(rollout).slice(0, index! + 1)
  return reached.findLast(({ setWeight }) => setWeight !== undefined)?.setWeight ?? 0
}

/** Everything goes to the new version whatever the steps say: promotion in full, the first deploy, or done. */
export function isAllToNew(status: RolloutStatus): boolean {
  return status.promoteFull === true || !status.stableRS || status.currentPodHash === status.stableRS
}

/** The setCanaryScale in force: the last one so far, unless it went back to matchTrafficWeight. */
export function canaryScaleInForce(rollout: KubeObject, status: RolloutStatus) {
  if (!isTrafficRouted(rollout) || isAllToNew(status)) return undefined
  // On abort the canary goes with its traffic, unless it was asked to stay up.
  if (status.abort && abortScaleDownDelaySeconds(rollout) !== undefined) return undefined
  const { index, step } = currentStep(rollout, status)
  if (!step) return undefined
  const reached = canarySteps(rollout).slice(0, index! + 1)
  const scale = reached.findLast(({ setCanaryScale }) => setCanaryScale)?.setCanaryScale
  return scale?.matchTrafficWeight ? undefined : scale
}

/** A step as events name it: `setWeight: 50`, `pause: 3s`. */
export function stepText(step: CanaryStep): string {
  const { setWeight, pause, setCanaryScale } = step
  if (setWeight !== undefined) return `setWeight: ${setWeight}`
  if (pause) return pause.duration === undefined ? 'pause' : `pause: ${pause.duration}`
  if (step.experiment) return 'experiment'
  if (step.analysis) return 'analysis'
  if (setCanaryScale) {
    if (setCanaryScale.weight !== undefined) return `setCanaryScale{weight: ${setCanaryScale.weight}}`
    if (setCanaryScale.replicas !== undefined) return `setCanaryScale{replicas: ${setCanaryScale.replicas}}`
    return 'setCanaryScale{matchTrafficWeight: true}'
  }
  if (step.plugin) return `plugin: ${step.plugin.name}`
  if (step.setHeaderRoute) return `setHeaderRoute: ${step.setHeaderRoute.name}`
  if (step.setMirrorRoute) return `setMirrorRoute: ${step.setMirrorRoute.name}`
  return 'invalid'
}
