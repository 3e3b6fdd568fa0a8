/** A ReplicaSet's status, from its pods. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import { matchesLabels } from '../../selectors.ts'
import type { Change } from '../runtime/changes.ts'
import { replaceCondition, withoutCondition } from '../shared/conditions.ts'
import { compact } from '../shared/json.ts'
import { isActive, isAvailable, isReady, isTerminating, nextAvailableInMs, type Pod } from '../shared/pods.ts'
import { REPLICA_SETS } from '../shared/resources.ts'
import { countOrOmit, statusChanges } from '../shared/status.ts'

/** Why pods could not be created or deleted. */
export interface ManageFailure {
  reason: 'FailedCreate' | 'FailedDelete'
  message: string
}

/** The status write, if any, and when the next pod turns available by itself. */
export function reconcileStatus(
  replicaSet: KubeObject,
  pods: Pod[],
  failure: ManageFailure | undefined,
  now: number,
): { changes: Change[]; requeueAfterMs?: number } {
  const minReadySeconds = replicaSet.spec.minReadySeconds ?? 0
  const templateLabels = replicaSet.spec.template.metadata?.labels ?? {}
  const active = pods.filter(isActive)
  const ready = active.filter(isReady)
  const available = ready.filter((pod) => isAvailable(pod, minReadySeconds, now))
  const labelled = active.filter((pod) => matchesLabels({ matchLabels: templateLabels }, pod.metadata.labels))
  const conditions = failureConditions(replicaSet, failure, now)
  const status = compact({
    replicas: active.length,
    fullyLabeledReplicas: countOrOmit(labelled.length),
    readyReplicas: countOrOmit(ready.length),
    availableReplicas: countOrOmit(available.length),
    terminatingReplicas: pods.filter(isTerminating).length,
    observedGeneration: replicaSet.metadata.generation,
    conditions: conditions.length > 0 ? conditions : undefined,
  })
  const requeueAfterMs = nextAvailableInMs(ready, minReadySeconds, now)
  return {
    changes: statusChanges(REPLICA_SETS, replicaSet, status),
    ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }),
  }
}

function failureConditions(replicaSet: KubeObject, failure: ManageFailure | undefined, now: number) {
  const conditions = replicaSet.status?.conditions ?? []
  if (!failure) return withoutCondition(conditions, 'ReplicaFailure')
  const lastTransitionTime = rfc3339(now)
  return replaceCondition(conditions, {
    type: 'ReplicaFailure',
    status: 'True',
    ...failure,
    lastTransitionTime,
  })
}
