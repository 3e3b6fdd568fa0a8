/** The condition of a Rollout whose spec cannot be carried out. */
import type { KubeObject } from '../../../objects.ts'
import type { Change } from '../../runtime/changes.ts'
import { findCondition, withoutCondition } from '../../shared/conditions.ts'
import { firstSight, putCondition } from '../plan.ts'
import { statusPatch } from '../status/patch.ts'
import { withPhase } from '../status/phase.ts'
import type { RolloutStatus } from '../types.ts'

/** Degraded with the error as text; everything that runs is left as it is. */
export function invalidSpec(rollout: KubeObject, error: string, now: number): Change[] {
  const message = `The Rollout "${rollout.metadata.name}" is invalid: ${error}`
  const status: RolloutStatus = { ...rollout.status }
  if (findCondition(status.conditions, 'InvalidSpec')?.message !== message) {
    status.conditions = withoutCondition(status.conditions ?? [], 'InvalidSpec')
    const reason = 'InvalidSpec'
    putCondition(status, { type: 'InvalidSpec', status: 'True', reason, message }, now)
  }
  return [...firstSight(rollout), ...statusPatch(rollout, withPhase(rollout, status))]
}
