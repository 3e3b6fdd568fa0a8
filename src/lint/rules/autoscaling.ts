/** Rules on who decides about replicas. */
import { replicasFromGit } from '../../explain/traps/gitops.ts'
import { found, rule } from '../finding.ts'
import {
  type Linted,
  type LintInput,
  podSpecOf,
  sameNamespace,
  scalersOf,
  scalersOn,
  targetOf,
  workloadsOf,
} from '../input.ts'
import { leavesReplicasAlone } from './gitops.ts'

/** Replicas that the manifest asks for; on a live object only if a manifest wrote them. */
export function staticReplicas({ object, live }: Linted): number | undefined {
  if (live && !replicasFromGit(object)) return undefined
  return object.spec?.replicas
}

function name({ object }: Linted): string {
  return `${object.kind} ${object.metadata.name}`
}

const replicas = rule('static-replicas', 'spec.replicas in a manifest that an autoscaler scales', (input) =>
  workloadsOf(input).flatMap((workload) => {
    const [scaler] = scalersOn(input, workload)
    const fixed = staticReplicas(workload)
    if (!scaler || fixed === undefined || leavesReplicasAlone(input, workload)) return []
    const why = `It sets spec.replicas: ${fixed}, and ${name(scaler)} changes that: each apply and each self-heal puts it back to ${fixed}.`
    const mend =
      'Leave replicas out while it is scaled; or ignoreDifferences on /spec/replicas with RespectIgnoreDifferences=true in the Application.'
    return [found('error', workload, why, mend)]
  }),
)

const two = rule('two-autoscalers', 'several autoscalers on one workload', (input) => {
  const groups = Map.groupBy(scalersOf(input), (scaler) => {
    const { kind, name: target } = targetOf(scaler)
    return `${kind} ${target}`
  })
  return [...groups].flatMap(([target, scalers]) => {
    const [first, second] = scalers
    if (!first || !second || !sameNamespace(first.object, second.object)) return []
    const why = `${scalers.map(name).join(' and ')} scale ${target}: each undoes what the other asks for.`
    return [found('error', second, why, 'Keep one; cpu and memory can be triggers of the ScaledObject.')]
  })
})

const missing = rule('scale-target-missing', 'an autoscaler whose target is not there', (input) =>
  scalersOf(input).flatMap((scaler) => {
    const target = targetOf(scaler)
    const there = input.objects.some(
      ({ object }) =>
        object.kind === target.kind &&
        object.metadata.name === target.name &&
        sameNamespace(object, scaler.object),
    )
    if (there) return []
    const same = input.objects.find(
      ({ object }) => object.metadata.name === target.name && object.spec?.template,
    )
    const hint = same ? ` There is a ${same.object.kind} of that name: name its apiVersion and kind.` : ''
    const why = `${target.kind} ${target.name} is not among the objects.${hint}`
    return [
      found('error', scaler, why, 'Mend scaleTargetRef (without a kind a ScaledObject means a Deployment).'),
    ]
  }),
)

const bounds = rule('bounds', 'a minimum above the maximum, an idle count not below the minimum', (input) =>
  scalersOf(input).flatMap((scaler) => {
    const { spec = {} } = scaler.object
    const min = spec.minReplicaCount ?? spec.minReplicas ?? 0
    const max = spec.maxReplicaCount ?? spec.maxReplicas ?? 100
    if (min > max)
      return [found('error', scaler, `Its minimum ${min} is above its maximum ${max}.`, 'Swap or mend them.')]
    const idle = spec.idleReplicaCount
    // With the minimum left out KEDA compares with 0; written as 0 it compares with 1.
    const floor = spec.minReplicaCount === 0 ? 1 : min
    if (idle === undefined || idle < floor) return []
    const why = `idleReplicaCount ${idle} must be below minReplicaCount ${min}: KEDA refuses it.`
    return [found('error', scaler, why, 'Leave idleReplicaCount out, or raise minReplicaCount.')]
  }),
)

const requests = rule('missing-request', 'a share of a request as target, without that request', (input) =>
  workloadsOf(input).flatMap((workload) =>
    scalersOn(input, workload).flatMap((scaler) =>
      sharesOf(scaler).flatMap((resource) => {
        const without = (podSpecOf(workload)?.containers ?? []).filter(
          // A limit alone becomes the request.
          ({ resources }: any) =>
            resources?.requests?.[resource] === undefined && resources?.limits?.[resource] === undefined,
        )
        if (without.length === 0) return []
        const names = without.map((container: any) => container.name).join(', ')
        const why = `${name(scaler)} aims at a share of the ${resource} request, and container ${names} requests none: it can reckon nothing.`
        return [found('error', workload, why, `Set resources.requests.${resource} on every container.`)]
      }),
    ),
  ),
)

/** `cpu`, `memory`: resources that are measured as a share of what is requested. */
function sharesOf({ object }: Linted): string[] {
  const ofHpa = (object.spec?.metrics ?? []).flatMap(({ resource }: any) =>
    resource?.target?.averageUtilization === undefined ? [] : [resource.name as string],
  )
  const ofKeda = (object.spec?.triggers ?? []).flatMap(({ type, metricType = 'Utilization' }: any) =>
    (type === 'cpu' || type === 'memory') && metricType === 'Utilization' ? [type as string] : [],
  )
  return [...ofHpa, ...ofKeda]
}

/** Fewest replicas that the workload has in normal operation. */
export function fewestReplicas(input: LintInput, workload: Linted): number {
  const [scaler] = scalersOn(input, workload)
  if (!scaler) return workload.object.spec?.replicas ?? 1
  return (
    scaler.object.spec?.minReplicaCount ??
    scaler.object.spec?.minReplicas ??
    (scaler.object.kind === 'ScaledObject' ? 0 : 1)
  )
}

export const AUTOSCALING = [replicas, two, missing, bounds, requests]
