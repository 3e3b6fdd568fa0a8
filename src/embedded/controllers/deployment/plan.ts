/** What one reconcile of a Deployment works on: working copies of what was read, and the changes so far. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { type Condition, replaceCondition } from '../shared/conditions.ts'
import { REPLICA_SETS } from '../shared/resources.ts'
import { sizeAnnotations } from './annotations.ts'
import { desiredReplicas, maxSurge } from './limits.ts'
import { findNew, specReplicas } from './replica-sets.ts'

export const COMPONENT = 'deployment-controller'

export interface DeploymentInput {
  deployment: KubeObject
  /** Those that the Deployment controls. */
  replicaSets: KubeObject[]
  /** Pods of those ReplicaSets; looked at for Recreate only. */
  pods: KubeObject[]
  now: number
}

export interface Plan extends DeploymentInput {
  /** Status conditions as they will be written. */
  conditions: Condition[]
  changes: Change[]
  /** The revision annotation that the Deployment should carry, once the new ReplicaSet is known. */
  revision: string | undefined
}

export function startPlan(input: DeploymentInput): Plan {
  return {
    ...input,
    replicaSets: structuredClone(input.replicaSets),
    conditions: input.deployment.status?.conditions ?? [],
    changes: [],
    revision: undefined,
  }
}

/** The ReplicaSets other than the current template's. */
export function oldReplicaSets(plan: Plan): KubeObject[] {
  const current = findNew(plan.deployment, plan.replicaSets)
  return plan.replicaSets.filter((replicaSet) => replicaSet !== current)
}

export function setPlanCondition(
  plan: Plan,
  condition: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>,
): void {
  const time = rfc3339(plan.now)
  plan.conditions = replaceCondition(plan.conditions, {
    ...condition,
    lastUpdateTime: time,
    lastTransitionTime: time,
  })
}

export function planEvent(plan: Plan, type: 'Normal' | 'Warning', reason: string, message: string): void {
  plan.changes.push({
    verb: 'event',
    regarding: plan.deployment,
    type,
    reason,
    message,
    component: COMPONENT,
  })
}

/**
 * Resizes a working copy and plans the write, with the size annotations brought up to date.
 * Answers whether the size changed.
 */
export function scaleReplicaSet(plan: Plan, replicaSet: KubeObject, size: number): boolean {
  const desired = desiredReplicas(plan.deployment)
  const sizes = sizeAnnotations(desired, desired + maxSurge(plan.deployment))
  const current = specReplicas(replicaSet)
  const annotations = replicaSet.metadata.annotations ?? {}
  const annotated = Object.entries(sizes).every(([key, value]) => annotations[key] === value)
  if (current === size && annotated) return false
  replicaSet.spec.replicas = size
  replicaSet.metadata.annotations = { ...annotations, ...sizes }
  plan.changes.push({
    verb: 'patch',
    resource: REPLICA_SETS,
    namespace: replicaSet.metadata.namespace,
    name: replicaSet.metadata.name,
    patch: { metadata: { annotations: sizes }, ...(current === size ? {} : { spec: { replicas: size } }) },
  })
  if (current === size) return false
  const direction = size > current ? 'up' : 'down'
  const message = `Scaled ${direction} replica set ${replicaSet.metadata.name} from ${current} to ${size}`
  planEvent(plan, 'Normal', 'ScalingReplicaSet', message)
  return true
}
