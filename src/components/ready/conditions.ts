/** When a thing is ready, by its own status, and what to tell who waits for it. */
import type { KubeObject } from '../../lib/kube/object.ts'

/** undefined when ready, else what is missing, as a fragment: `0/1 available`. */
export type Missing = string | undefined

interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
}

/** The condition of a type, if the object has it. */
function conditionOf(object: KubeObject | undefined, type: string): Condition | undefined {
  return (object?.status?.conditions as Condition[] | undefined)?.find((condition) => condition.type === type)
}

/** Ready=True, as External Secrets, KEDA and others report it. */
export function missingReady(object: KubeObject | undefined): Missing {
  if (!object) return 'not there yet'
  const ready = conditionOf(object, 'Ready')
  if (ready?.status === 'True') return undefined
  if (!ready) return 'no Ready condition yet'
  return `Ready is ${ready.status}: ${ready.reason ?? ''}${ready.message ? ` (${ready.message})` : ''}`
}

/** As `kubectl rollout status` decides for a Deployment. */
export function missingDeployment(object: KubeObject | undefined): Missing {
  if (!object) return 'not there yet'
  const { spec, status = {}, metadata } = object
  const wanted = spec?.replicas ?? 1
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return 'its controller has not seen it yet'
  const { replicas = 0, updatedReplicas = 0 } = status
  if (updatedReplicas < wanted) return `${updatedReplicas}/${wanted} updated`
  // Old pods serve on until new ones do: available are they, and not what was asked for.
  if (replicas > updatedReplicas) return `${count(replicas - updatedReplicas)} not replaced yet`
  if ((status.availableReplicas ?? 0) < wanted) return `${status.availableReplicas ?? 0}/${wanted} available`
  return undefined
}

function count(pods: number): string {
  return pods === 1 ? '1 old pod' : `${pods} old pods`
}

/**
 * A Rollout is ready when its pods serve the generation that was asked for, or what comes before it while a
 * canary pauses or after it was aborted.
 */
export function missingRollout(object: KubeObject | undefined): Missing {
  if (!object) return 'not there yet'
  const { status = {}, metadata } = object
  if (Number(status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return 'its controller has not seen it yet'
  const settled = status.phase === 'Healthy' || status.phase === 'Paused' || isAborted(object)
  if (settled && (status.availableReplicas ?? 0) >= (object.spec?.replicas ?? 1)) return undefined
  return `phase ${status.phase ?? 'unknown'}${status.message ? `: ${status.message}` : ''}`
}

/** A person, an analysis or the deadline went back to the stable version. */
export function isAborted({ status }: KubeObject): boolean {
  return status?.phase === 'Degraded' && status.abort === true
}

/** An HPA that cannot read its metrics: Argo CD calls the whole Application Degraded for it, and does not say why. */
export function missingMetrics(object: KubeObject): Missing {
  const conditions = (object.status?.conditions ?? []) as Record<string, string>[]
  const active = conditions.find(({ type }) => type === 'ScalingActive')
  return active?.status === 'False' && active.reason !== 'ScalingDisabled'
    ? `${active.reason}: ${active.message}`
    : undefined
}
