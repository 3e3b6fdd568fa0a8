/** A Deployment's status: counters from its ReplicaSets, and the conditions. */
import { type Condition, findCondition, withoutCondition } from '../shared/conditions.ts'
import { compact } from '../shared/json.ts'
import { DEPLOYMENTS } from '../shared/resources.ts'
import { countOrOmit, statusChanges } from '../shared/status.ts'
import { REVISION } from './annotations.ts'
import { desiredReplicas, maxUnavailable } from './limits.ts'
import { type Plan, setPlanCondition } from './plan.ts'
import { type Counters, updateProgress } from './progress.ts'
import { findNew, totalSpec, totalStatus } from './replica-sets.ts'

export function counters(plan: Plan): Counters {
  const current = findNew(plan.deployment, plan.replicaSets)
  return {
    replicas: totalStatus(plan.replicaSets, 'replicas'),
    updatedReplicas: current ? totalStatus([current], 'replicas') : 0,
    readyReplicas: totalStatus(plan.replicaSets, 'readyReplicas'),
    availableReplicas: totalStatus(plan.replicaSets, 'availableReplicas'),
  }
}

/** Status of a Deployment that rolls out: counters, availability, progress, and failures of its ReplicaSets. */
export function syncRolloutStatus(plan: Plan): void {
  updateAvailable(plan)
  const current = findNew(plan.deployment, plan.replicaSets)
  updateProgress(plan, counters(plan), current?.metadata.name)
  updateReplicaFailure(plan)
  writeStatus(plan)
}

/** Status of a Deployment that only scales or is paused: progress stands still. */
export function syncStatus(plan: Plan): void {
  updateAvailable(plan)
  writeStatus(plan)
}

function updateAvailable(plan: Plan): void {
  const needed = desiredReplicas(plan.deployment) - maxUnavailable(plan.deployment)
  const enough = counters(plan).availableReplicas >= needed
  setPlanCondition(plan, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
  })
}

/** Copies the first failure, the new ReplicaSet's if it has one. */
function updateReplicaFailure(plan: Plan): void {
  const current = findNew(plan.deployment, plan.replicaSets)
  const candidates = current ? [current, ...plan.replicaSets] : plan.replicaSets
  const failure = candidates
    .map((replicaSet) => findCondition(replicaSet.status?.conditions, 'ReplicaFailure'))
    .find((condition): condition is Condition => condition?.status === 'True')
  if (failure) {
    const { type, status, reason, message } = failure
    setPlanCondition(plan, { type, status, reason, message })
  } else {
    plan.conditions = withoutCondition(plan.conditions, 'ReplicaFailure')
  }
}

/** Plans the status write, then the revision annotation: a patch, which no resourceVersion can fail. */
function writeStatus(plan: Plan): void {
  const { deployment, replicaSets, conditions } = plan
  const { replicas, updatedReplicas, readyReplicas, availableReplicas } = counters(plan)
  const unavailable = Math.max(0, totalSpec(replicaSets) - availableReplicas)
  const status = compact({
    observedGeneration: deployment.metadata.generation,
    replicas: countOrOmit(replicas),
    updatedReplicas: countOrOmit(updatedReplicas),
    readyReplicas: countOrOmit(readyReplicas),
    availableReplicas: countOrOmit(availableReplicas),
    unavailableReplicas: countOrOmit(unavailable),
    // A pointer in the real type: zero is written.
    terminatingReplicas: totalStatus(replicaSets, 'terminatingReplicas'),
    conditions,
    collisionCount: deployment.status?.collisionCount,
  })
  plan.changes.push(...statusChanges(DEPLOYMENTS, deployment, status))
  if (plan.revision === undefined || deployment.metadata.annotations?.[REVISION] === plan.revision) return
  plan.changes.push({
    verb: 'patch',
    resource: DEPLOYMENTS,
    namespace: deployment.metadata.namespace,
    name: deployment.metadata.name,
    patch: { metadata: { annotations: { [REVISION]: plan.revision } } },
    // Anywhere else it would count as a new generation.
    subresource: 'status',
  })
}
