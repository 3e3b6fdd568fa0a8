/** kubectl's columns of HorizontalPodAutoscalers and PodDisruptionBudgets. */
import type { KubeObject } from '../../objects.ts'
import { AGE, type Column, count, NAME, text } from './column.ts'

/** Metrics shown before the rest is counted. */
const SHOWN = 2

export const AUTOSCALERS: Column[] = [
  NAME,
  text('Reference', ({ spec }) => `${spec?.scaleTargetRef?.kind}/${spec?.scaleTargetRef?.name}`),
  text('Targets', targets),
  text('MinPods', ({ spec }) => (spec?.minReplicas === undefined ? '<unset>' : String(spec.minReplicas))),
  count('MaxPods', ({ spec }) => spec?.maxReplicas),
  count('Replicas', ({ status }) => status?.currentReplicas ?? 0),
  AGE,
]

function targets(autoscaler: KubeObject): string {
  const { spec = {}, status = {} } = autoscaler
  if (autoscaler.apiVersion === 'autoscaling/v1') {
    if (spec.targetCPUUtilizationPercentage === undefined) return '<none>'
    return `cpu: ${percent(status.currentCPUUtilizationPercentage)}/${spec.targetCPUUtilizationPercentage}%`
  }
  const metrics: any[] = spec.metrics ?? []
  if (!metrics.length) return '<none>'
  const shown = metrics.slice(0, SHOWN).map((metric, at) => metricText(metric, status.currentMetrics?.[at]))
  const more = metrics.length - SHOWN
  return shown.join(', ') + (more > 0 ? ` + ${more} more...` : '')
}

/** `current/target` of one metric; `(avg)` marks a value per pod, resources are led by their name. */
function metricText(metric: any, status: any): string {
  const field = metric.type.charAt(0).toLowerCase() + metric.type.slice(1)
  const target = metric[field]?.target ?? {}
  const current = status?.[field]?.current ?? {}
  if (metric.type === 'Resource' || metric.type === 'ContainerResource') {
    const { name } = metric[field]
    if (target.averageValue !== undefined)
      return `${name}: ${current.averageValue ?? '<unknown>'}/${target.averageValue}`
    const wanted = target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`
    return `${name}: ${percent(current.averageUtilization)}/${wanted}`
  }
  if (metric.type === 'Pods') return `${current.averageValue ?? '<unknown>'}/${target.averageValue}`
  if (target.averageValue !== undefined)
    return `${current.averageValue ?? '<unknown>'}/${target.averageValue} (avg)`
  return `${current.value ?? '<unknown>'}/${target.value}`
}

function percent(value: number | undefined): string {
  return value === undefined ? '<unknown>' : `${value}%`
}

export const DISRUPTION_BUDGETS: Column[] = [
  NAME,
  text('Min Available', ({ spec }) => String(spec?.minAvailable ?? 'N/A')),
  text('Max Unavailable', ({ spec }) => String(spec?.maxUnavailable ?? 'N/A')),
  count('Allowed Disruptions', ({ status }) => status?.disruptionsAllowed ?? 0),
  AGE,
]
