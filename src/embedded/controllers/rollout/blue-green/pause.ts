/** The pause between a complete preview and the switch. */

import type { KubeObject } from '../../../objects.ts'
import { isPrePromotionDone } from '../analysis/blue-green-runs.ts'
import { isHalted, pauseCondition, type RolloutPlan, requeueAfter } from '../plan.ts'
import { hashOf } from '../replica-sets.ts'
import { selectedHash } from '../services/switch.ts'
import { isReadyForPause } from './replica-sets.ts'

/** Begins the pause when the preview is complete, and ends it when it is over or not needed. */
export function reconcileBlueGreenPause(plan: RolloutPlan, active: KubeObject): void {
  const { rollout, before, pause, now } = plan
  if (before.abort || !isReadyForPause(plan) || isHalted(plan)) return
  const { autoPromotionEnabled, autoPromotionSeconds = 0 } = rollout.spec.strategy.blueGreen
  const pauses = autoPromotionEnabled === false || autoPromotionSeconds > 0
  if (!pauses || isFastTracked(plan, active) || before.blueGreen?.scaleUpPreviewCheckPoint) {
    pause.remove.add('BlueGreenPause')
    return
  }
  if (!isPrePromotionDone(plan)) return
  const condition = pauseCondition(plan, 'BlueGreenPause')
  if (!condition) {
    // With controllerPause set, a person has cleared the condition: the pause is over.
    if (!before.controllerPause) pause.add.add('BlueGreenPause')
  } else if (isBlueGreenPauseOver(plan)) {
    pause.remove.add('BlueGreenPause')
  } else if (autoPromotionSeconds > 0) {
    requeueAfter(plan, Date.parse(condition.startTime) + autoPromotionSeconds * 1000 - now + 1)
  }
}

/** The switch needs no pause: back within the delay, promoted in full, the first, or made already. */
export function isFastTracked({ before, newSet, withinDelay }: RolloutPlan, active: KubeObject): boolean {
  const selected = selectedHash(active)
  return withinDelay || before.promoteFull === true || selected === '' || selected === hashOf(newSet)
}

/** A person went on, autoPromotionSeconds passed, or there was nothing to wait for. */
export function isBlueGreenPauseOver(plan: RolloutPlan): boolean {
  const { rollout, before, pause, now } = plan
  const { autoPromotionEnabled = true, autoPromotionSeconds = 0 } = rollout.spec.strategy.blueGreen
  const condition = pauseCondition(plan, 'BlueGreenPause')
  if (pause.add.size > 0) return false
  if (before.blueGreen?.scaleUpPreviewCheckPoint) return true
  if (!autoPromotionEnabled) return before.controllerPause === true && !condition
  if (autoPromotionSeconds === 0) return true
  return condition !== undefined && now > Date.parse(condition.startTime) + autoPromotionSeconds * 1000
}
