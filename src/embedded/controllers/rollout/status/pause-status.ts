/** Abort and pauses of the new status, from what the pass wanted. */
import { rfc3339 } from '../../../../lib/clock.ts'
import { planEvent, type RolloutPlan } from '../plan.ts'
import type { PauseCondition, RolloutStatus } from '../types.ts'

/** The fields that the status takes; a pass that keeps no pause leaves neither conditions nor controllerPause. */
export function pauseFields(plan: RolloutPlan): Partial<RolloutStatus> {
  const { pause, before, now } = plan
  if (pause.abort !== undefined || (!pause.removeAbort && before.abort)) {
    return { abort: true, abortedAt: before.abortedAt ?? rfc3339(now) }
  }
  if (pause.clear) return {}
  const existing = before.pauseConditions ?? []
  const kept = existing.filter(({ reason }) => !pause.remove.has(reason))
  const added = [...pause.add]
    .filter((reason) => !existing.some((condition) => condition.reason === reason))
    .map((reason): PauseCondition => ({ reason, startTime: rfc3339(now) }))
  const pauseConditions = [...kept, ...added]
  if (pauseConditions.length === 0) return {}
  return { pauseConditions, controllerPause: added.length > 0 || before.controllerPause === true }
}

/** Tells that the Rollout paused or went on; an abort clears pauses too and has its own event. */
export function pauseEvents(plan: RolloutPlan, next: RolloutStatus): void {
  const was = (plan.before.pauseConditions ?? []).length > 0
  const [first] = next.pauseConditions ?? []
  if (first && !was) planEvent(plan, 'RolloutPaused', `Rollout is paused (${first.reason})`)
  if (!first && was && next.abortedAt === undefined) planEvent(plan, 'RolloutResumed', 'Rollout is resumed')
}
