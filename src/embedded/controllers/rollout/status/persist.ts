/** The end of a pass: pauses, phase, and the status write. */

import { WORKLOAD_GENERATION } from '../names.ts'
import type { RolloutPlan } from '../plan.ts'
import type { RolloutStatus } from '../types.ts'
import { updateConditions } from './conditions.ts'
import { statusPatch } from './patch.ts'
import { pauseEvents, pauseFields } from './pause-status.ts'
import { withPhase } from './phase.ts'
import { watchDeadline } from './progress.ts'

/** Conditions, then `writeStatus`: how a full pass ends. */
export function finishStatus(plan: RolloutPlan, next: RolloutStatus): void {
  updateConditions(plan, next)
  writeStatus(plan, { ...next, ...pauseFields(plan) })
}

/** Plans the write of a status whose pauses are settled, and when to look at the deadline again. */
export function writeStatus(plan: RolloutPlan, next: RolloutStatus): void {
  const { rollout } = plan
  const generation = rollout.metadata.annotations?.[WORKLOAD_GENERATION]
  const workloadObservedGeneration = rollout.spec.workloadRef ? generation : undefined
  const status = withPhase(rollout, { ...next, workloadObservedGeneration })
  plan.changes.push(...statusPatch(rollout, status))
  pauseEvents(plan, status)
  watchDeadline(plan, status)
}
