/** The ReplicaSet of the current template: found and brought up to date, or created. */
import type { KubeObject, Manifest } from '../../objects.ts'
import { findCondition } from '../shared/conditions.ts'
import { templateHash } from '../shared/hash.ts'
import { sameJson } from '../shared/json.ts'
import { controllerRef } from '../shared/owners.ts'
import { REPLICA_SETS } from '../shared/resources.ts'
import { maxRevision, newReplicaSetAnnotations, REVISION, sizeAnnotations } from './annotations.ts'
import { desiredReplicas, hasProgressDeadline, isRollingUpdate, maxSurge } from './limits.ts'
import { oldReplicaSets, type Plan, planEvent, setPlanCondition } from './plan.ts'
import { findNew, HASH_LABEL, specReplicas, totalSpec } from './replica-sets.ts'

/**
 * Answers the working copy of the current template's ReplicaSet. Where there is none it is created at the
 * size that the strategy allows right now, unless `create` is false: then undefined.
 */
export function newReplicaSet(plan: Plan, options: { create: boolean }): KubeObject | undefined {
  const existing = findNew(plan.deployment, plan.replicaSets)
  if (existing) return refresh(plan, existing)
  return options.create ? createReplicaSet(plan) : undefined
}

function refresh(plan: Plan, replicaSet: KubeObject): KubeObject {
  const { deployment } = plan
  const current = replicaSet.metadata.annotations ?? {}
  const annotations = newReplicaSetAnnotations(deployment, current, maxRevision(oldReplicaSets(plan)) + 1)
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0
  const sameReadiness = (replicaSet.spec.minReadySeconds ?? 0) === minReadySeconds
  if (!sameJson(annotations, current) || !sameReadiness) {
    replicaSet.metadata.annotations = annotations
    replicaSet.spec.minReadySeconds = minReadySeconds
    plan.changes.push({
      verb: 'patch',
      resource: REPLICA_SETS,
      namespace: replicaSet.metadata.namespace,
      name: replicaSet.metadata.name,
      patch: { metadata: { annotations }, ...(sameReadiness ? {} : { spec: { minReadySeconds } }) },
    })
  }
  plan.revision = annotations[REVISION]
  if (hasProgressDeadline(deployment) && !findCondition(plan.conditions, 'Progressing')) {
    setPlanCondition(plan, {
      type: 'Progressing',
      status: 'True',
      reason: 'FoundNewReplicaSet',
      message: `Found new replica set "${replicaSet.metadata.name}"`,
    })
  }
  return replicaSet
}

function createReplicaSet(plan: Plan): KubeObject {
  const { deployment } = plan
  const object = replicaSetManifest(plan)
  const replicaSet = object as KubeObject
  // Stands in for what the server will make of it: the youngest, and without a status.
  replicaSet.metadata.creationTimestamp = new Date(plan.now).toISOString()
  plan.replicaSets.push(replicaSet)
  replicaSet.spec.replicas = newReplicaSetSize(plan, replicaSet)
  plan.changes.push({ verb: 'create', resource: REPLICA_SETS, object: withoutCreation(replicaSet) })
  if (replicaSet.spec.replicas > 0) {
    const message = `Scaled up replica set ${object.metadata.name} from 0 to ${replicaSet.spec.replicas}`
    planEvent(plan, 'Normal', 'ScalingReplicaSet', message)
  }
  plan.revision = replicaSet.metadata.annotations?.[REVISION]
  if (hasProgressDeadline(deployment)) {
    setPlanCondition(plan, {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetCreated',
      message: `Created new replica set "${object.metadata.name}"`,
    })
  }
  return replicaSet
}

function withoutCreation(replicaSet: KubeObject): Manifest {
  const { creationTimestamp: _local, ...metadata } = replicaSet.metadata
  return structuredClone({ ...replicaSet, metadata })
}

function replicaSetManifest(plan: Plan): Manifest {
  const { deployment } = plan
  const { template, selector, minReadySeconds } = deployment.spec
  const hash = templateHash(template, deployment.status?.collisionCount)
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash }
  const desired = desiredReplicas(deployment)
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: {
        ...newReplicaSetAnnotations(deployment, {}, maxRevision(plan.replicaSets) + 1),
        ...sizeAnnotations(desired, desired + maxSurge(deployment)),
      },
      ownerReferences: [controllerRef(deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: structuredClone({ ...template, metadata: { ...template.metadata, labels } }),
    },
  }
}

/** How many replicas the new ReplicaSet may have now: rolling never takes the total above replicas + surge. */
export function newReplicaSetSize(plan: Plan, replicaSet: KubeObject): number {
  const desired = desiredReplicas(plan.deployment)
  if (!isRollingUpdate(plan.deployment)) return desired
  const room = desired + maxSurge(plan.deployment) - totalSpec(plan.replicaSets)
  const current = specReplicas(replicaSet)
  return room <= 0 ? current : current + Math.min(room, desired - current)
}
