/** Revisions: the newest ReplicaSet carries the highest number, and the Rollout says which that is. */
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { findCondition } from '../shared/conditions.ts'
import { sameJson } from '../shared/json.ts'
import { REPLICA_SETS } from '../shared/resources.ts'
import { DESIRED_REPLICAS, REVISION, REVISION_HISTORY, ROLLOUTS } from './names.ts'
import { eventOn, putCondition, type RolloutPlan } from './plan.ts'
import { maxRevision, revisionOf } from './replica-sets.ts'

const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  'notified.notifications.argoproj.io',
])

/**
 * Annotations of the current template's ReplicaSet: the Rollout's own, and the revision. An existing one
 * that changes in any way notes its old number in the history, as upstream does.
 */
export function newReplicaSetAnnotations(
  rollout: KubeObject,
  current: Record<string, string>,
  revision: number,
): Record<string, string> {
  const annotations = { ...current }
  for (const [key, value] of Object.entries(rollout.metadata.annotations ?? {})) {
    if (!NOT_COPIED.has(key)) annotations[key] = value
  }
  const old = current[REVISION]
  if ((Number.parseInt(old ?? '0', 10) || 0) < revision) annotations[REVISION] = String(revision)
  if (old !== undefined && !sameJson(annotations, current)) {
    annotations[REVISION_HISTORY] = [current[REVISION_HISTORY], old].filter(Boolean).join(',')
  }
  return annotations
}

/** Brings annotations and minReadySeconds of the new ReplicaSet and the Rollout's revision up to date. */
export function syncRevision(plan: RolloutPlan): void {
  const { rollout, newSet } = plan
  const older = plan.replicaSets.filter((replicaSet) => replicaSet !== newSet)
  const current = newSet.metadata.annotations ?? {}
  const annotations = newReplicaSetAnnotations(rollout, current, maxRevision(older) + 1)
  const minReadySeconds = rollout.spec.minReadySeconds ?? 0
  const sameReadiness = (newSet.spec.minReadySeconds ?? 0) === minReadySeconds
  if (!sameJson(annotations, current) || !sameReadiness) {
    newSet.metadata.annotations = annotations
    newSet.spec.minReadySeconds = minReadySeconds
    plan.changes.push({
      verb: 'patch',
      resource: REPLICA_SETS,
      namespace: newSet.metadata.namespace,
      name: newSet.metadata.name,
      patch: { metadata: { annotations }, ...(sameReadiness ? {} : { spec: { minReadySeconds } }) },
    })
  }
  plan.changes.push(...setRolloutRevision(rollout, revisionOf(newSet)))
  if (findCondition(plan.before.conditions, 'Progressing')) return
  const message = `Found new replica set "${newSet.metadata.name}"`
  const condition = { type: 'Progressing', status: 'True', reason: 'FoundNewReplicaSet', message } as const
  putCondition(plan.before, condition, plan.now)
}

/** The revision annotation of the Rollout, and the event that tells of it. */
export function setRolloutRevision(rollout: KubeObject, revision: number): Change[] {
  if (revisionOf(rollout) === revision) return []
  const { namespace, name } = rollout.metadata
  const patch = { metadata: { annotations: { [REVISION]: String(revision) } } }
  return [
    { verb: 'patch', resource: ROLLOUTS, namespace, name, patch },
    eventOn(rollout, 'RolloutUpdated', `Rollout updated to revision ${revision}`),
  ]
}
