/** Health of autoscalers and disruption budgets. */
import type { KubeObject } from '../../../objects.ts'
import type { Health } from '../types.ts'
import { condition } from './workloads.ts'

const BROKEN = new Set([
  'AbleToScale/FailedGetScale',
  'AbleToScale/FailedUpdateScale',
  'ScalingActive/FailedGetResourceMetric',
  'ScalingActive/FailedGetObjectMetric',
  'ScalingActive/FailedGetPodsMetric',
  'ScalingActive/FailedGetExternalMetric',
  'ScalingActive/FailedComputeMetricsReplicas',
  'ScalingActive/InvalidSelector',
])
const FINE = new Set(['AbleToScale', 'ScalingLimited'])

/** autoscaling/v2: reasons that mean failure count whatever the condition's status is. */
export function horizontalPodAutoscaler({ status }: KubeObject): Health {
  const conditions: { type: string; status: string; reason: string; message: string }[] =
    status?.conditions ?? []
  for (const { type, status: state, reason, message } of conditions) {
    if (BROKEN.has(`${type}/${reason}`)) return { status: 'Degraded', message }
    if (FINE.has(type) && state === 'True') return { status: 'Healthy', message }
  }
  return { status: 'Progressing', message: 'Waiting to Autoscale' }
}

export function podDisruptionBudget({ status }: KubeObject): Health {
  const conditions: { status: string; reason: string; message: string }[] = status?.conditions ?? []
  const broken = conditions.find((each) => each.status === 'False' && each.reason !== 'InsufficientPods')
  if (broken) return { status: 'Degraded', message: broken.message }
  return conditions.length > 0
    ? { status: 'Healthy' }
    : { status: 'Progressing', message: 'Waiting for status' }
}

export function scaledObject({ status }: KubeObject): Health {
  const ready = condition(status, 'Ready')
  const fallback = condition(status, 'Fallback')
  if (ready?.status === 'False') return { status: 'Degraded', message: ready.message ?? '' }
  if (fallback?.status === 'True') return { status: 'Degraded', message: fallback.message ?? '' }
  if (ready?.status !== 'True')
    return { status: 'Progressing', message: 'Creating HorizontalPodAutoscaler Object' }
  const paused = condition(status, 'Paused')
  if (paused?.status === 'True') return { status: 'Suspended', message: paused.message ?? '' }
  return { status: 'Healthy', message: ready.message ?? '' }
}
