/** The conditions of an Experiment. */

import { rfc3339 } from '../../../../lib/clock.ts'
import { type Condition, findCondition, replaceCondition, withoutCondition } from '../../shared/conditions.ts'
import { type ExperimentPlan, isOver } from './plan.ts'
import type { ExperimentStatus, TemplateStatus } from './types.ts'

/** Brings the Progressing condition of `plan.next` up to date; the spec is valid by now. */
export function updateConditions(plan: ExperimentPlan): void {
  const { before, next, experiment, now } = plan
  const name = JSON.stringify(experiment.metadata.name)
  const time = rfc3339(now)
  const times = { lastUpdateTime: time, lastTransitionTime: time }
  next.conditions = withoutCondition(next.conditions ?? [], 'InvalidSpec')
  const put = (status: Condition['status'], reason: string, message: string) => {
    next.conditions = replaceCondition(next.conditions!, {
      type: 'Progressing',
      status,
      reason,
      message,
      ...times,
    })
  }
  if (next.phase === 'Successful') {
    put('False', 'ExperimentCompleted', `Experiment ${name} has successfully ran and completed.`)
  } else if (isMoving(before, next)) {
    // Replaced even when nothing but the time differs: lastUpdateTime tells of the progress.
    const current = findCondition(before.conditions, 'Progressing')
    next.conditions = withoutCondition(next.conditions, 'Progressing')
    put('True', 'ReplicaSetUpdated', `Experiment ${name} is progressing.`)
    const moved = next.conditions.at(-1)!
    if (current?.status === 'True') moved.lastTransitionTime = current.lastTransitionTime!
  } else if (before.availableAt !== undefined && !isOver(plan)) {
    put('True', 'NewReplicaSetAvailable', `Experiment ${name} is running.`)
  }
}

function isMoving(before: ExperimentStatus, next: ExperimentStatus): boolean {
  const was = new Map((before.templateStatuses ?? []).map((status) => [status.name, counts(status)]))
  return (next.templateStatuses ?? []).some((status) => was.get(status.name) !== counts(status))
}

function counts({ replicas, updatedReplicas, readyReplicas, availableReplicas }: TemplateStatus): string {
  return [replicas, updatedReplicas, readyReplicas, availableReplicas].join()
}
