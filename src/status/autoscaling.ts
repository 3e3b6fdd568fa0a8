/** Why an autoscaled workload has its replicas: the ScaledObject's and the HPA's conditions as a sentence. */
import { formatDuration } from '../lib/duration.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { condition } from './conditions.ts'

/** KEDA's defaults, which an applied ScaledObject does not carry. */
const DEFAULT_COOLDOWN_S = 300
/** What the HPA controller writes until metrics-server has seen a new pod, or while there is no metrics-server. */
const NO_SAMPLE = /no metrics returned from resource metrics API|did not receive metrics for targeted pods/
const TRIGGERS_FAIL = /^Triggers defined in ScaledObject are not working correctly/
const PAUSED = 'autoscaling.keda.sh/paused'
const PAUSED_REPLICAS = 'autoscaling.keda.sh/paused-replicas'

/** For a workload that a ScaledObject scales. `now` in milliseconds since the epoch. */
export function whyScaledObject(
  scaledObject: KubeObject,
  hpa: KubeObject | undefined,
  desired: number,
  now: number,
): string {
  const annotations = scaledObject.metadata.annotations ?? {}
  if (annotations[PAUSED_REPLICAS] !== undefined)
    return `KEDA paused at ${annotations[PAUSED_REPLICAS]} by annotation`
  if (annotations[PAUSED] !== undefined && annotations[PAUSED] !== 'false') return 'KEDA paused by annotation'
  const ready = condition(scaledObject, 'Ready')
  if (ready?.status === 'False') {
    // KEDA's own message never says more than that; its events do, and `why` reads them.
    const what = TRIGGERS_FAIL.test(ready.message ?? '')
      ? 'its triggers fail'
      : (ready.message ?? ready.reason)
    return `KEDA cannot scale: ${what} (npm run why -- ${scaledObject.spec?.scaleTargetRef?.name})`
  }
  const fallback = condition(scaledObject, 'Fallback')
  if (fallback?.status === 'True') return `KEDA uses its fallback: ${fallback.message}`
  const active = condition(scaledObject, 'Active')
  if (active?.status === 'True') {
    if (desired === 0) return 'KEDA sees work, first replica is on its way'
    return hpa ? whyHpa(hpa) : `KEDA is active on ${triggers(scaledObject)}`
  }
  if (active?.status !== 'False') return `KEDA has not looked at ${triggers(scaledObject)} yet`
  const minimum = scaledObject.spec?.minReplicaCount ?? 0
  if (desired <= minimum) return `idle: ${triggers(scaledObject)} empty`
  return `idle: ${triggers(scaledObject)} empty, ${cooldown(scaledObject, now)}`
}

/** For a workload that an HPA scales by itself, and the part above zero of one that KEDA scales. */
export function whyHpa(hpa: KubeObject): string {
  const { desiredReplicas = 0 } = hpa.status ?? {}
  const scaling = condition(hpa, 'ScalingActive')
  if (scaling?.status === 'False' && scaling.reason !== 'ScalingDisabled') {
    if (NO_SAMPLE.test(scaling.message ?? ''))
      return 'HPA has no CPU or memory sample yet: it takes some seconds after a pod’s start'
    return `HPA cannot scale: ${scaling.message ?? scaling.reason}`
  }
  const { minReplicas = 1, maxReplicas } = hpa.spec
  const measured = (hpa.spec.metrics ?? []).map((metric: any, index: number) =>
    metricText(metric, hpa.status?.currentMetrics?.[index]),
  )
  const limited = condition(hpa, 'ScalingLimited')
  const able = condition(hpa, 'AbleToScale')
  const bound =
    limited?.reason === 'TooManyReplicas'
      ? ' (the maximum)'
      : limited?.reason === 'TooFewReplicas'
        ? ' (the minimum)'
        : ''
  const held = able?.reason === 'ScaleDownStabilized' ? ', held by scale-down stabilisation' : ''
  return `${measured.join(', ') || 'HPA'} → ${desiredReplicas} of ${minReplicas}–${maxReplicas}${bound}${held}`
}

function metricText(metric: any, current: any): string {
  const source =
    metric.external ?? metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object
  const now = (
    current?.external ??
    current?.resource ??
    current?.containerResource ??
    current?.pods ??
    current?.object
  )?.current
  const name: string =
    metric.resource?.name ?? metric.containerResource?.name ?? metricName(source?.metric?.name)
  const { target = {} } = source ?? {}
  if (target.averageUtilization !== undefined) {
    return `${name} ${now?.averageUtilization ?? '?'}% of target ${target.averageUtilization}%`
  }
  if (target.averageValue !== undefined) {
    return `${name} ${now?.averageValue ?? '?'} a pod, target ${target.averageValue}`
  }
  return `${name} ${now?.value ?? '?'}, target ${target.value}`
}

/** KEDA names metrics `s0-rabbitmq-QUEUE`; people know the queue. */
function metricName(name: string | undefined): string {
  return name?.replace(/^s\d+-rabbitmq-/, 'queue ') ?? 'metric'
}

function triggers(scaledObject: KubeObject): string {
  const names = (scaledObject.spec?.triggers ?? []).map((trigger: any) =>
    trigger.metadata?.queueName ? `queue ${trigger.metadata.queueName}` : `trigger ${trigger.type}`,
  )
  return names.join(', ')
}

function cooldown(scaledObject: KubeObject, now: number): string {
  const seconds = scaledObject.spec?.cooldownPeriod ?? DEFAULT_COOLDOWN_S
  const last = Date.parse(scaledObject.status?.lastActiveTime ?? '')
  const left = last + seconds * 1000 - now
  if (Number.isNaN(left)) return 'scaling down'
  return left > 0
    ? `to ${scaledObject.spec?.minReplicaCount ?? 0} in ${formatDuration(left)}`
    : 'scaling down now'
}
