/** The admission webhook of ScaledObjects, as a pure function of the object and of what is in its namespace. */
import type { Verdict } from '../../../admission.ts'
import type { KubeObject } from '../../../objects.ts'
import { hpaName } from '../hpa/build-hpa.ts'
import { modifiersError } from '../modifiers/composite.ts'
import { boundsError, minReplicas } from '../replica-bounds.ts'
import { isResourceTrigger, triggersError } from '../trigger-checks.ts'
import type { ScaledObject } from '../types.ts'

export interface ValidationContext {
  /** All ScaledObjects of the namespace. */
  scaledObjects: ScaledObject[]
  /** All HPAs of the namespace. */
  hpas: KubeObject[]
  /** The target, when it exists. */
  workload: KubeObject | undefined
  /** All LimitRanges of the namespace. */
  limitRanges: KubeObject[]
  dryRun: boolean
}

const MAX_NAME = 63

/** Create and update (a change of finalizers only is not asked about). The first failed check decides. */
export function validateScaledObject(scaledObject: ScaledObject, context: ValidationContext): Verdict {
  const { spec } = scaledObject
  const error =
    nameError(scaledObject) ??
    boundsError(spec) ??
    triggersError(spec.triggers) ??
    modifiersError(spec) ??
    fallbackError(scaledObject) ??
    sharedTargetError(scaledObject, context.scaledObjects) ??
    foreignHpaError(scaledObject, context.hpas) ??
    (context.dryRun ? undefined : resourcesError(scaledObject, context))
  return { ...(error ? { error } : {}), warnings: warningsOf(scaledObject) }
}

function nameError(scaledObject: ScaledObject): string | undefined {
  const long = [scaledObject.metadata.name, hpaName(scaledObject)].find((name) => name.length > MAX_NAME)
  return long ? `name ${long} is longer than ${MAX_NAME} characters` : undefined
}

function fallbackError({ spec }: ScaledObject): string | undefined {
  if (!spec.fallback || spec.advanced?.scalingModifiers?.formula) return undefined
  return spec.triggers.every(isResourceTrigger)
    ? 'at least one trigger (that is not cpu or memory) has to have the `AverageValue` type for the fallback to be enabled'
    : undefined
}

/** `apps/v1.Deployment`, defaults filled in. */
function targetOf({ spec: { scaleTargetRef } }: ScaledObject): { gvk: string; name: string } {
  const { apiVersion = 'apps/v1', kind = 'Deployment', name } = scaleTargetRef
  return { gvk: `${apiVersion}.${kind}`, name }
}

function sharedTargetError(scaledObject: ScaledObject, all: ScaledObject[]): string | undefined {
  const { gvk, name } = targetOf(scaledObject)
  for (const other of all) {
    if (other.metadata.name === scaledObject.metadata.name) continue
    const theirs = targetOf(other)
    if (theirs.gvk === gvk && theirs.name === name) {
      return `the workload '${name}' of type '${gvk}' is already managed by the ScaledObject '${other.metadata.name}'`
    }
    if (hpaName(other) === hpaName(scaledObject)) {
      return `the HPA '${hpaName(other)}' is already managed by the ScaledObject '${other.metadata.name}'`
    }
  }
  return undefined
}

function foreignHpaError(scaledObject: ScaledObject, hpas: KubeObject[]): string | undefined {
  const { gvk, name } = targetOf(scaledObject)
  for (const hpa of hpas) {
    const { scaleTargetRef } = hpa.spec
    if (scaleTargetRef.name !== name || `${scaleTargetRef.apiVersion}.${scaleTargetRef.kind}` !== gvk)
      continue
    if (hpa.metadata.annotations?.['validations.keda.sh/hpa-ownership'] === 'false') continue
    const owned = hpa.metadata.ownerReferences?.some(
      (owner) => owner.kind === scaledObject.kind && owner.name === scaledObject.metadata.name,
    )
    if (owned) continue
    const clash = `'${hpa.metadata.name}' for workload '${name}' of type '${gvk}'`
    if (scaledObject.metadata.annotations?.['scaledobject.keda.sh/transfer-hpa-ownership'] !== 'true') {
      return `the workload '${name}' of type '${gvk}' is already managed by the hpa '${hpa.metadata.name}'`
    }
    if (scaledObject.spec.advanced?.horizontalPodAutoscalerConfig?.name !== hpa.metadata.name) {
      return `the existing hpa ${clash} must be specified by name in advanced settings to enable ownership transfer`
    }
  }
  return undefined
}

/** cpu and memory can only be measured against requests. */
function resourcesError(
  { spec }: ScaledObject,
  { workload, limitRanges }: ValidationContext,
): string | undefined {
  const resources = spec.triggers.filter(isResourceTrigger)
  if (resources.length === 0) return undefined
  if (resources.length === spec.triggers.length && minReplicas(spec) === 0) {
    return "scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero doesn't work in this case)"
  }
  const containers: Record<string, any>[] = workload?.spec?.template?.spec?.containers ?? []
  for (const { type, metadata } of resources) {
    if (hasDefault(limitRanges, type)) continue
    const looked = containers.filter(({ name }) => !metadata.containerName || metadata.containerName === name)
    const bare = looked.find(({ resources: has }) => !has?.requests?.[type] && !has?.limits?.[type])
    if (bare) {
      return `the scaledobject has a ${type} trigger but the container ${bare.name} doesn't have the ${type} request defined`
    }
  }
  return undefined
}

function hasDefault(limitRanges: KubeObject[], resource: string): boolean {
  return limitRanges.some(({ spec }) =>
    spec?.limits?.some(
      (limit: Record<string, any>) =>
        limit.type === 'Container' && (limit.defaultRequest?.[resource] || limit.default?.[resource]),
    ),
  )
}

/** Times that have no effect when the workload never goes to zero. */
function warningsOf({ spec }: ScaledObject): string[] {
  if (minReplicas(spec) === 0 || spec.idleReplicaCount === 0) return []
  const cached = spec.triggers.some(({ useCachedMetrics }) => useCachedMetrics)
  return [
    ...(spec.pollingInterval !== undefined && !cached
      ? ['pollingInterval has no effect unless the workload can scale to zero or useCachedMetrics is set']
      : []),
    ...(spec.cooldownPeriod !== undefined
      ? ['cooldownPeriod has no effect unless the workload can scale to zero']
      : []),
  ]
}
