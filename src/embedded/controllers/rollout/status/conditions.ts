/** The conditions of a Rollout at the end of a pass. */
import { findCondition, withoutCondition } from '../../shared/conditions.ts'
import { isAborted, planEvent, putCondition, type RolloutPlan } from '../plan.ts'
import { hashOf, isSaturated, revisionOf, totalStatus } from '../replica-sets.ts'
import { desiredReplicas, isBlueGreen } from '../spec.ts'
import type { RolloutStatus } from '../types.ts'
import { isHealthy, isMoving, isPromoted, isTimedOut } from './progress.ts'

/** Brings `next.conditions` up to date and plans the events that go with them. May abort the update. */
export function updateConditions(plan: RolloutPlan, next: RolloutStatus): void {
  const healthy = isHealthy(plan.rollout, plan.before, next)
  const fell = updateHealthy(plan, next, healthy)
  if (isAborted(plan)) updateAborted(plan, next)
  else updateProgressing(plan, next, healthy, fell)
  updateAvailable(plan, next)
  updateReplicaFailure(plan, next)
  updateCompleted(plan, next)
}

/** Answers whether a healthy Rollout just stopped being so. */
function updateHealthy(plan: RolloutPlan, next: RolloutStatus, healthy: boolean): boolean {
  const { before, rollout, now } = plan
  const paused = (before.pauseConditions ?? []).length > 0 || rollout.spec.paused === true
  const reason = 'RolloutHealthy'
  if (healthy && !paused) {
    putCondition(next, { type: 'Healthy', status: 'True', reason, message: 'Rollout is healthy' }, now)
    return false
  }
  if (!findCondition(before.conditions, 'Healthy')) return false
  const message = 'Rollout is not healthy'
  return putCondition(next, { type: 'Healthy', status: 'False', reason, message }, now)
}

function updateAborted(plan: RolloutPlan, next: RolloutStatus): void {
  const why = plan.pause.abort ? `: ${plan.pause.abort}` : ''
  const message = `Rollout aborted update to revision ${revisionOf(plan.newSet)}${why}`
  const reason = 'RolloutAborted'
  if (putCondition(next, { type: 'Progressing', status: 'False', reason, message }, plan.now)) {
    planEvent(plan, reason, message, 'Warning')
  }
}

function updateProgressing(plan: RolloutPlan, next: RolloutStatus, healthy: boolean, fell: boolean): void {
  const subject = `ReplicaSet "${plan.newSet.metadata.name}"`
  if (healthy) {
    const message = `${subject} has successfully progressed.`
    const reason = 'NewReplicaSetAvailable'
    putCondition(next, { type: 'Progressing', status: 'True', reason, message }, plan.now)
  } else if (fell || isMoving(plan.rollout, plan.before, next)) {
    const [reason, message] =
      fell && isPromoted(next)
        ? ['ReplicaSetNotAvailable', 'Rollout does not have minimum availability']
        : ['ReplicaSetUpdated', `${subject} is progressing.`]
    markMoving(plan, next, reason!, message!)
  } else if (isTimedOut(plan, next)) {
    const message = `${subject} has timed out progressing.`
    const reason = 'ProgressDeadlineExceeded'
    putCondition(next, { type: 'Progressing', status: 'False', reason, message }, plan.now)
    if (!plan.rollout.spec.progressDeadlineAbort) return
    plan.pause.abort = message
    planEvent(plan, 'RolloutAborted', message, 'Warning')
  }
}

/** Replaced even when nothing but the time differs: lastUpdateTime restarts the deadline. */
function markMoving(plan: RolloutPlan, next: RolloutStatus, reason: string, message: string): void {
  const current = findCondition(plan.before.conditions, 'Progressing')
  next.conditions = withoutCondition(next.conditions ?? [], 'Progressing')
  putCondition(next, { type: 'Progressing', status: 'True', reason, message }, plan.now)
  const moved = next.conditions.at(-1)!
  if (current?.status === 'True') moved.lastTransitionTime = current.lastTransitionTime
}

function updateAvailable(plan: RolloutPlan, next: RolloutStatus): void {
  const desired = desiredReplicas(plan.rollout)
  const active = plan.replicaSets.find(
    (replicaSet) => hashOf(replicaSet) !== '' && hashOf(replicaSet) === next.blueGreen?.activeSelector,
  )
  const enough = isBlueGreen(plan.rollout)
    ? isSaturated(active, desired)
    : totalStatus(plan.replicaSets, 'availableReplicas') >= desired
  const message = `Rollout ${enough ? 'has' : 'does not have'} minimum availability`
  const status = enough ? 'True' : 'False'
  putCondition(next, { type: 'Available', status, reason: 'AvailableReason', message }, plan.now)
}

/** Copies the first failure, the new ReplicaSet's if it has one. */
function updateReplicaFailure(plan: RolloutPlan, next: RolloutStatus): void {
  const failure = [plan.newSet, ...plan.replicaSets]
    .map((replicaSet) => findCondition(replicaSet.status?.conditions, 'ReplicaFailure'))
    .find((condition) => condition !== undefined)
  if (failure) putCondition(next, failure, plan.now)
  else next.conditions = withoutCondition(next.conditions ?? [], 'ReplicaFailure')
}

function updateCompleted(plan: RolloutPlan, next: RolloutStatus): void {
  const reason = 'RolloutCompleted'
  const status = isPromoted(next) ? 'True' : 'False'
  const changed = putCondition(next, { type: 'Completed', status, reason, message: reason }, plan.now)
  if (status === 'True' || !changed) return
  const revision = revisionOf(plan.newSet)
  const message = `Rollout not completed, started update to revision ${revision} (${next.currentPodHash})`
  planEvent(plan, 'RolloutNotCompleted', message)
}
