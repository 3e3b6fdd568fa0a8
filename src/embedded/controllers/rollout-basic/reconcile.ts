/** A Rollout as a plain rolling update: one ReplicaSet per template, and the status that readers look for. */
import type { KubeObject } from '../../objects.ts'
import { formatLabelSelector } from '../../selectors.ts'
import type { Change } from '../runtime/changes.ts'
import { setCondition } from '../shared/conditions.ts'
import { templateHash } from '../shared/hash.ts'
import { resolveIntOrPercent } from '../shared/int-or-percent.ts'
import { compact } from '../shared/json.ts'
import { controllerRef } from '../shared/owners.ts'
import { REPLICA_SETS } from '../shared/resources.ts'
import { countOrOmit, statusChanges } from '../shared/status.ts'

export const ROLLOUTS = 'argoproj.io/v1alpha1/rollouts'
export const HASH_LABEL = 'rollouts-pod-template-hash'
export const COMPONENT = 'rollouts-controller'

export interface RolloutInput {
  rollout: KubeObject
  /** Those that the Rollout controls. */
  replicaSets: KubeObject[]
  now: number
}

/** The changes that take a Rollout one step on: up within the surge, down while enough are available. */
export function reconcileRollout(input: RolloutInput): { changes: Change[] } {
  const { rollout, now } = input
  if (rollout.metadata.deletionTimestamp) return { changes: [] }
  const hash = templateHash(rollout.spec.template, rollout.status?.collisionCount)
  const current = input.replicaSets.find((one) => one.metadata.labels?.[HASH_LABEL] === hash)
  const old = input.replicaSets.filter((one) => one !== current)
  const changes = current ? resize(rollout, current, old) : [createChange(rollout, hash, old)]
  return { changes: [...changes, ...statusChange(rollout, current, old, hash, now)] }
}

const size = (replicaSet: KubeObject): number => replicaSet.spec.replicas ?? 1
const total = (replicaSets: KubeObject[], count: (one: KubeObject) => number): number =>
  replicaSets.reduce((sum, one) => sum + count(one), 0)
const counter =
  (name: string) =>
  (replicaSet: KubeObject): number =>
    replicaSet.status?.[name] ?? 0

function limits(rollout: KubeObject): { desired: number; surge: number; unavailable: number } {
  const desired = rollout.spec.replicas ?? 1
  const { maxSurge = '25%', maxUnavailable = '25%' } = rollout.spec.strategy?.canary ?? {}
  const surge = resolveIntOrPercent(maxSurge, desired, 'up') ?? 0
  const unavailable = resolveIntOrPercent(maxUnavailable, desired, 'down') ?? 0
  return { desired, surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

function createChange(rollout: KubeObject, hash: string, old: KubeObject[]): Change {
  const { desired, surge } = limits(rollout)
  const { template, selector, minReadySeconds } = rollout.spec
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash }
  return {
    verb: 'create',
    resource: REPLICA_SETS,
    object: {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${rollout.metadata.name}-${hash}`,
        namespace: rollout.metadata.namespace,
        labels,
        ownerReferences: [controllerRef(rollout)],
      },
      spec: {
        replicas: Math.max(0, Math.min(desired, desired + surge - total(old, size))),
        ...(minReadySeconds ? { minReadySeconds } : {}),
        selector: { ...selector, matchLabels: { ...selector?.matchLabels, [HASH_LABEL]: hash } },
        template: structuredClone({ ...template, metadata: { ...template.metadata, labels } }),
      },
    },
  }
}

function resize(rollout: KubeObject, current: KubeObject, old: KubeObject[]): Change[] {
  const { desired, surge, unavailable } = limits(rollout)
  const room = desired + surge - total(old, size) - size(current)
  const wanted =
    size(current) > desired ? desired : size(current) + Math.max(0, Math.min(room, desired - size(current)))
  if (wanted !== size(current)) return [scaleChange(current, wanted)]
  const available = total([current, ...old], counter('availableReplicas'))
  const newUnavailable = size(current) - counter('availableReplicas')(current)
  let removable = total([current, ...old], size) - (desired - unavailable) - newUnavailable
  let spare = available - (desired - unavailable)
  const changes: Change[] = []
  for (const replicaSet of old.toSorted((a, b) =>
    a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1,
  )) {
    const unhealthy = size(replicaSet) - counter('availableReplicas')(replicaSet)
    const idle = Math.max(0, Math.min(removable, unhealthy))
    const healthy = Math.max(0, Math.min(removable - idle, spare, size(replicaSet) - idle))
    if (idle + healthy === 0) continue
    changes.push(scaleChange(replicaSet, size(replicaSet) - idle - healthy))
    removable -= idle + healthy
    spare -= healthy
  }
  return changes
}

function scaleChange(replicaSet: KubeObject, replicas: number): Change {
  const { namespace, name } = replicaSet.metadata
  return { verb: 'patch', resource: REPLICA_SETS, namespace, name, patch: { spec: { replicas } } }
}

function statusChange(
  rollout: KubeObject,
  current: KubeObject | undefined,
  old: KubeObject[],
  hash: string,
  now: number,
): Change[] {
  const all = current ? [current, ...old] : old
  const { desired } = limits(rollout)
  const updated = current ? counter('replicas')(current) : 0
  const available = total(all, counter('availableReplicas'))
  const replicas = total(all, counter('replicas'))
  const healthy = updated === desired && available === desired && replicas === desired
  const stable = healthy ? hash : rollout.status?.stableRS
  const progressing = {
    type: 'Progressing',
    status: 'True' as const,
    reason: healthy ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
    message: `ReplicaSet "${rollout.metadata.name}-${hash}" ${healthy ? 'has successfully progressed.' : 'is progressing.'}`,
  }
  const availability = {
    type: 'Available',
    status: available >= desired ? ('True' as const) : ('False' as const),
    reason: 'AvailableReason',
    message:
      available >= desired
        ? 'Rollout has minimum availability'
        : 'Rollout does not have minimum availability',
  }
  const before = rollout.status?.conditions ?? []
  // The Rollout CRD asks for both times.
  const conditions = setCondition(setCondition(before, availability, now), progressing, now).map(
    (condition) => ({
      ...condition,
      lastUpdateTime: condition.lastTransitionTime,
    }),
  )
  const status = compact({
    replicas: countOrOmit(replicas),
    updatedReplicas: countOrOmit(updated),
    readyReplicas: countOrOmit(total(all, counter('readyReplicas'))),
    availableReplicas: countOrOmit(available),
    HPAReplicas: countOrOmit(replicas),
    phase: healthy ? 'Healthy' : 'Progressing',
    ...(healthy ? {} : { message: 'more replicas need to be updated' }),
    currentPodHash: hash,
    stableRS: stable,
    selector: formatLabelSelector(rollout.spec.selector),
    observedGeneration: String(rollout.metadata.generation ?? 1),
    conditions,
  })
  return statusChanges(ROLLOUTS, rollout, status)
}
