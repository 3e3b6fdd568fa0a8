/** Progress of a rollout: complete, moving, or stuck past its deadline. */
import { findCondition, withoutCondition } from '../shared/conditions.ts'
import { desiredReplicas, hasProgressDeadline } from './limits.ts'
import { type Plan, setPlanCondition } from './plan.ts'

/** The counters of a Deployment's status, zero where absent. */
export interface Counters {
  replicas: number
  updatedReplicas: number
  readyReplicas: number
  availableReplicas: number
}

export function countersOf(status: Partial<Counters> | undefined): Counters {
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status ?? {}
  return { replicas, updatedReplicas, readyReplicas, availableReplicas }
}

/** Every replica is of the current template and available, and nothing else is left. */
export function isComplete(plan: Plan, counters: Counters): boolean {
  const desired = desiredReplicas(plan.deployment)
  return (
    counters.updatedReplicas === desired &&
    counters.replicas === desired &&
    counters.availableReplicas === desired
  )
}

/** Sets the Progressing condition from what `next` says against the status written before. */
export function updateProgress(plan: Plan, next: Counters, newName: string | undefined): void {
  if (!hasProgressDeadline(plan.deployment)) {
    plan.conditions = withoutCondition(plan.conditions, 'Progressing')
    return
  }
  const current = findCondition(plan.conditions, 'Progressing')
  const settled = next.replicas === next.updatedReplicas && current?.reason === 'NewReplicaSetAvailable'
  if (settled) return
  const subject = newName ? `ReplicaSet "${newName}"` : `Deployment "${plan.deployment.metadata.name}"`
  if (isComplete(plan, next)) {
    setPlanCondition(plan, {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `${subject} has successfully progressed.`,
    })
  } else if (isMoving(countersOf(plan.deployment.status), next)) {
    markMoving(plan, `${subject} is progressing.`)
  } else if (isOverdue(plan)) {
    setPlanCondition(plan, {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `${subject} has timed out progressing.`,
    })
  }
}

function isMoving(before: Counters, next: Counters): boolean {
  return (
    next.updatedReplicas > before.updatedReplicas ||
    next.replicas - next.updatedReplicas < before.replicas - before.updatedReplicas ||
    next.readyReplicas > before.readyReplicas ||
    next.availableReplicas > before.availableReplicas
  )
}

/** Replaced even when nothing but the time differs: lastUpdateTime restarts the deadline. */
function markMoving(plan: Plan, message: string): void {
  const current = findCondition(plan.conditions, 'Progressing')
  plan.conditions = withoutCondition(plan.conditions, 'Progressing')
  setPlanCondition(plan, { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message })
  const moved = plan.conditions.at(-1)!
  if (current?.status === 'True') moved.lastTransitionTime = current.lastTransitionTime
}

function isOverdue(plan: Plan): boolean {
  const condition = findCondition(plan.conditions, 'Progressing')
  if (!condition || condition.reason === 'NewReplicaSetAvailable') return false
  if (condition.reason === 'ProgressDeadlineExceeded') return true
  return plan.now > deadlineOf(plan)!
}

/** When the rollout counts as stuck, in ms; undefined while nothing is awaited. */
function deadlineOf(plan: Plan): number | undefined {
  const condition = findCondition(plan.conditions, 'Progressing')
  if (!condition || !hasProgressDeadline(plan.deployment)) return undefined
  return Date.parse(condition.lastUpdateTime ?? '') + plan.deployment.spec.progressDeadlineSeconds * 1000
}

/** Milliseconds until the deadline has to be looked at again, a second past it; undefined when it need not. */
export function deadlineInMs(plan: Plan, next: Counters): number | undefined {
  const reason = findCondition(plan.conditions, 'Progressing')?.reason
  if (isComplete(plan, next) || reason === 'ProgressDeadlineExceeded' || plan.deployment.spec.paused) {
    return undefined
  }
  if (reason === 'NewReplicaSetAvailable') return undefined
  const deadline = deadlineOf(plan)
  return deadline === undefined ? undefined : Math.max(1000, deadline - plan.now + 1000)
}
