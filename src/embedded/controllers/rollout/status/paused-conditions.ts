/** The conditions that tell of a pause, a resume and a retry, before anything else happens in a pass. */
import type { KubeObject } from '../../../objects.ts'
import { findCondition } from '../../shared/conditions.ts'
import { putCondition } from '../plan.ts'
import type { RolloutStatus } from '../types.ts'

const PAUSED = { reason: 'RolloutPaused', message: 'Rollout is paused' }
const RESUMED = { reason: 'RolloutResumed', message: 'Rollout is resumed' }
const RETRIED = { reason: 'RolloutRetry', message: 'Retrying Rollout after abort' }

/** Time spent in a pause does not count against the progress deadline: hence the Unknown conditions. */
export function updatePausedConditions(rollout: KubeObject, status: RolloutStatus, now: number): void {
  const reason = findCondition(status.conditions, 'Progressing')?.reason
  const wasPaused = findCondition(status.conditions, 'Paused')?.status === 'True'
  const paused = (status.pauseConditions ?? []).length > 0 || rollout.spec.paused === true
  const aborted = reason === 'RolloutAborted'
  const completed = status.stableRS !== undefined && status.stableRS === status.currentPodHash
  if (paused !== (reason === PAUSED.reason) && !aborted && !completed) {
    putCondition(status, { type: 'Progressing', status: 'Unknown', ...(paused ? PAUSED : RESUMED) }, now)
  }
  if (aborted && !status.abort) {
    putCondition(status, { type: 'Progressing', status: 'Unknown', ...RETRIED }, now)
  }
  if (paused !== wasPaused && !aborted) {
    putCondition(status, { type: 'Paused', status: paused ? 'True' : 'False', ...PAUSED }, now)
  }
}
