/** Labels and annotations that pods carry only while they are canary, stable, preview or active. */
import type { KubeObject } from '../../../objects.ts'
import { sameJson } from '../../shared/json.ts'
import { isControlledBy } from '../../shared/owners.ts'
import { PODS, REPLICA_SETS } from '../../shared/resources.ts'
import { EPHEMERAL_METADATA } from '../names.ts'
import type { RolloutPlan } from '../plan.ts'
import { hashOf } from '../replica-sets.ts'
import type { Metadata } from '../types.ts'

interface Roles {
  fresh: Metadata | undefined
  stable: Metadata | undefined
}

/** What the strategy injects; undefined when the Rollout uses none of it. */
export function metadataRoles(rollout: KubeObject): Roles | undefined {
  const { canary, blueGreen } = rollout.spec.strategy ?? {}
  const roles = blueGreen
    ? { fresh: blueGreen.previewMetadata, stable: blueGreen.activeMetadata }
    : { fresh: canary?.canaryMetadata, stable: canary?.stableMetadata }
  return roles.fresh || roles.stable ? roles : undefined
}

/** What the controller injected into this ReplicaSet's template. */
export function injectedMetadata(replicaSet: KubeObject): Metadata | undefined {
  const text = replicaSet.metadata.annotations?.[EPHEMERAL_METADATA]
  if (!text) return undefined
  try {
    return JSON.parse(text) as Metadata
  } catch {
    return undefined
  }
}

/** Metadata without what was injected and is not wanted any more, with what is wanted. */
export function withMetadata<M extends Metadata>(
  metadata: M,
  before: Metadata | undefined,
  wanted: Metadata | undefined,
): M {
  const merge = (key: 'labels' | 'annotations') => {
    const values = { ...metadata[key] }
    for (const name of Object.keys(before?.[key] ?? {})) delete values[name]
    return { ...values, ...wanted?.[key] }
  }
  const next: M = { ...metadata }
  for (const key of ['labels', 'annotations'] as const) {
    const merged = merge(key)
    if (metadata[key] !== undefined || Object.keys(merged).length > 0) next[key] = merged
  }
  return next
}

/** Gives each ReplicaSet, and its live pods, the metadata of its role; takes it from all others. */
export function reconcileEphemeralMetadata(plan: RolloutPlan): void {
  const roles = metadataRoles(plan.rollout)
  const used = roles || plan.replicaSets.some((replicaSet) => injectedMetadata(replicaSet))
  if (!used) return
  const settled = !plan.before.stableRS || plan.before.stableRS === hashOf(plan.newSet)
  for (const replicaSet of plan.replicaSets) {
    if (replicaSet === plan.newSet) inject(plan, replicaSet, settled ? roles?.stable : roles?.fresh)
    else inject(plan, replicaSet, replicaSet === plan.stableSet ? roles?.stable : undefined)
  }
}

function inject(plan: RolloutPlan, replicaSet: KubeObject, wanted: Metadata | undefined): void {
  const before = injectedMetadata(replicaSet)
  if (sameJson(before, wanted)) return
  const { template } = replicaSet.spec
  const metadata = withMetadata(template.metadata ?? {}, before, wanted)
  const { namespace, name } = replicaSet.metadata
  const annotation = wanted ? JSON.stringify(wanted) : undefined
  plan.changes.push({
    verb: 'patch',
    resource: REPLICA_SETS,
    namespace,
    name,
    patch: {
      metadata: { annotations: { [EPHEMERAL_METADATA]: annotation ?? null } },
      spec: { template: { metadata: overwrite(template.metadata, metadata) } },
    },
  })
  replicaSet.spec.template = { ...template, metadata }
  replicaSet.metadata.annotations = { ...replicaSet.metadata.annotations }
  if (annotation === undefined) delete replicaSet.metadata.annotations[EPHEMERAL_METADATA]
  else replicaSet.metadata.annotations[EPHEMERAL_METADATA] = annotation
  for (const pod of plan.pods.filter((one) => isControlledBy(one, replicaSet))) {
    const next = withMetadata(pod.metadata, before, wanted)
    if (sameJson(next, pod.metadata)) continue
    plan.changes.push({
      verb: 'patch',
      resource: PODS,
      namespace,
      name: pod.metadata.name,
      patch: { metadata: overwrite(pod.metadata, next) },
    })
  }
}

/** A merge patch of labels and annotations that also removes what is gone. */
function overwrite(before: Metadata | undefined, after: Metadata): Record<string, unknown> {
  const patch: Record<string, unknown> = {}
  for (const key of ['labels', 'annotations'] as const) {
    const gone = Object.keys(before?.[key] ?? {}).filter((name) => after[key]?.[name] === undefined)
    patch[key] = { ...after[key], ...Object.fromEntries(gone.map((name) => [name, null])) }
  }
  return patch
}
