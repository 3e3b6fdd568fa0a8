/** One metric of an HPA: its proposal, its name, and its entry in status.currentMetrics. */
import { messageOf } from '../../../lib/errors.ts'
import { formatMilli, milliValue } from '../../../lib/quantity.ts'
import { formatLabelSelector } from '../../selectors.ts'
import type { Pod } from '../shared/pods.ts'
import type { GroupingOptions } from './grouping.ts'
import { externalName, printSelector } from './metric-names.ts'
import { averageReplicas, type Proposal, utilizationReplicas } from './pod-replicas.ts'
import { podRequests } from './requests.ts'
import { type CustomMetrics, type MetricSources, type PodMetrics, resourceMetrics } from './sources.ts'
import type { Tolerance } from './tolerance.ts'
import { averageValueReplicas, valueReplicas } from './total-replicas.ts'

export interface EvaluateInput {
  namespace: string
  specReplicas: number
  statusReplicas: number
  /** Serialized selector of the scale. */
  selector: string
  pods: Pod[]
  tolerance: Tolerance
  grouping: Omit<GroupingOptions, 'resource'>
  sources: MetricSources
}

export interface Evaluation {
  replicas: number
  name: string
  /** The entry of status.currentMetrics. */
  status: Record<string, unknown>
}

/** Why a metric gave no proposal: `reason` for the condition and event, `summary` for the overall error. */
export class MetricError extends Error {
  override readonly name = 'MetricError'
  readonly reason: string
  readonly summary: string

  constructor(reason: string, message: string, context: string) {
    super(message)
    this.reason = reason
    this.summary = `${context}: ${message}`
  }
}

/** Throws MetricError. */
export async function evaluateMetric(metric: any, input: EvaluateInput): Promise<Evaluation> {
  switch (metric.type) {
    case 'Resource':
      return resource(metric.resource, undefined, input)
    case 'ContainerResource':
      return resource(metric.containerResource, metric.containerResource.container, input)
    case 'Pods':
      return podsMetric(metric.pods, input)
    case 'Object':
      return objectMetric(metric.object, input)
    case 'External':
      return externalMetric(metric.external, input)
    default:
      throw new MetricError(
        'InvalidMetricSourceType',
        `unknown metric source type "${metric.type}"`,
        'invalid metric source',
      )
  }
}

function resource(source: any, container: string | undefined, input: EvaluateInput): Evaluation {
  const { name, target } = source
  const kind = container === undefined ? 'resource' : 'container resource'
  const byShare = target.averageUtilization !== undefined
  const goal = byShare ? 'utilization' : 'usage'
  try {
    const calculation = { ...podInput(input, name), metrics: samples(input, name, container) }
    const proposal = byShare
      ? utilizationReplicas(
          calculation,
          () => podRequests(input.pods, name, container),
          target.averageUtilization,
        )
      : averageReplicas(calculation, milliValue(target.averageValue))
    const suffix = byShare ? ' utilization (percentage of request)' : ''
    return {
      replicas: proposal.replicas,
      name: `${name} ${kind}${suffix}`,
      status: resourceStatus(source, proposal),
    }
  } catch (thrown) {
    const reason = container === undefined ? 'FailedGetResourceMetric' : 'FailedGetContainerResourceMetric'
    const what = container === undefined ? 'resource' : 'container'
    throw new MetricError(
      reason,
      `failed to get ${name} ${goal}: ${messageOf(thrown)}`,
      `failed to get ${name} ${what} metric value`,
    )
  }
}

function resourceStatus(
  { name, container }: any,
  { averageMilli, utilization }: Proposal,
): Record<string, unknown> {
  const current = {
    ...(utilization === undefined ? {} : { averageUtilization: utilization }),
    averageValue: formatMilli(averageMilli),
  }
  return container === undefined
    ? { type: 'Resource', resource: { name, current } }
    : { type: 'ContainerResource', containerResource: { name, container, current } }
}

function samples(input: EvaluateInput, name: string, container: string | undefined): PodMetrics {
  const failed = (why: string) => new Error(`unable to get metrics for resource ${name}: ${why}`)
  let usage: ReturnType<MetricSources['podUsage']>
  try {
    usage = input.sources.podUsage(input.namespace)
  } catch (thrown) {
    throw failed(`unable to fetch metrics from resource metrics API: ${messageOf(thrown)}`)
  }
  const matched = new Set(input.pods.map(({ metadata }) => metadata.name))
  const ours = usage.filter((sample) => sample.namespace === input.namespace && matched.has(sample.name))
  if (ours.length === 0) throw failed('no metrics returned from resource metrics API')
  return resourceMetrics(ours, name, container)
}

function podInput({ specReplicas, pods, tolerance, grouping }: EvaluateInput, resourceName: string) {
  return { current: specReplicas, pods, tolerance, grouping: { ...grouping, resource: resourceName } }
}

function customMetrics({ sources }: EvaluateInput): CustomMetrics {
  if (!sources.custom) {
    throw new Error(
      'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    )
  }
  return sources.custom
}

async function podsMetric({ metric, target }: any, input: EvaluateInput): Promise<Evaluation> {
  try {
    const metrics = await customMetrics(input).pods(input.namespace, metric.name, input.selector)
    const { replicas, averageMilli } = averageReplicas(
      { ...podInput(input, ''), metrics },
      milliValue(target.averageValue),
    )
    const status = { type: 'Pods', pods: { metric, current: { averageValue: formatMilli(averageMilli) } } }
    return { replicas, name: `pods metric ${metric.name}`, status }
  } catch (thrown) {
    const message = `unable to get metric ${metric.name}: ${messageOf(thrown)}`
    throw new MetricError('FailedGetPodsMetric', message, 'failed to get pods metric value')
  }
}

async function objectMetric(source: any, input: EvaluateInput): Promise<Evaluation> {
  const { metric, target, describedObject } = source
  const { kind, name } = describedObject
  let usage: number
  try {
    usage = await customMetrics(input).object(input.namespace, kind, name, metric.name)
  } catch (thrown) {
    // The order of the words is the real controller's.
    const message = `unable to get metric ${metric.name}: ${kind} on ${input.namespace} ${name}/${messageOf(thrown)}`
    throw new MetricError('FailedGetObjectMetric', message, 'failed to get object metric value')
  }
  const { replicas, current } = fromTotal(usage, target, input)
  const printed = target.averageValue === undefined ? `${kind} metric ${metric.name}` : externalName(metric)
  return { replicas, name: printed, status: { type: 'Object', object: { describedObject, metric, current } } }
}

async function externalMetric({ metric, target }: any, input: EvaluateInput): Promise<Evaluation> {
  let usage: number
  try {
    usage = await externalTotal(metric, input)
  } catch (thrown) {
    const { namespace } = input
    const message = `unable to get external metric ${namespace}/${metric.name}/${printSelector(metric.selector)}: ${messageOf(thrown)}`
    const context = `failed to get ${metric.name} external metric value: failed to get ${metric.name} external metric`
    throw new MetricError('FailedGetExternalMetric', message, context)
  }
  const { replicas, current } = fromTotal(usage, target, input)
  return { replicas, name: externalName(metric), status: { type: 'External', external: { metric, current } } }
}

/** Sum of all series, in milli. */
async function externalTotal(metric: any, { namespace, sources }: EvaluateInput): Promise<number> {
  let values: Awaited<ReturnType<MetricSources['external']['values']>>
  try {
    values = await sources.external.values(namespace, metric.name, formatLabelSelector(metric.selector))
  } catch (thrown) {
    throw new Error(`unable to fetch metrics from external metrics API: ${messageOf(thrown)}`)
  }
  if (values.length === 0) throw new Error('no metrics returned from external metrics API')
  const total = values.reduce((sum, { value }) => sum + milliValue(value), 0)
  return Math.min(total, Number.MAX_SAFE_INTEGER)
}

function fromTotal(usageMilli: number, target: any, input: EvaluateInput) {
  const { specReplicas, statusReplicas, pods, tolerance } = input
  if (target.averageValue !== undefined) {
    const { replicas, averageMilli } = averageValueReplicas(
      statusReplicas,
      usageMilli,
      milliValue(target.averageValue),
      tolerance,
    )
    return { replicas, current: { averageValue: formatMilli(averageMilli) } }
  }
  const replicas = valueReplicas(specReplicas, pods, usageMilli, milliValue(target.value), tolerance)
  return { replicas, current: { value: formatMilli(usageMilli) } }
}
