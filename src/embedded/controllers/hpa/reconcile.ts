/** One sync of an HPA: what was read in, a plan out. Pure but for the metrics, which are awaited. */
import type { Scale } from '../../client.ts'
import type { KubeObject } from '../../objects.ts'
import type { Pod } from '../shared/pods.ts'
import { computeReplicas, summarise } from './compute.ts'
import { decide } from './decide.ts'
import type { GroupingOptions } from './grouping.ts'
import type { Memory } from './memory.ts'
import { Plan } from './plan.ts'
import type { MetricSources } from './sources.ts'
import { toleranceOf } from './tolerance.ts'

/** The condition's reason and message, and the event's. */
export interface SelectorProblem {
  reason: string
  message: string
  eventReason: string
  eventMessage: string
}

export interface HpaInput {
  hpa: KubeObject
  /** The target's scale, or why it cannot be had. */
  scale: Scale | { error: string }
  /** Pods that the scale's selector matches, or why it cannot be used. */
  pods: Pod[] | SelectorProblem
  memory: Memory
  sources: MetricSources
  grouping: Omit<GroupingOptions, 'resource' | 'now'>
  now: number
}

export interface HpaResult {
  plan: Plan
  memory: Memory
  /** What metrics were read, for the status that is written after the scaling. */
  metrics: unknown[] | undefined
  /** Set: write this to the target's scale. */
  rescale: { current: number; desired: number; reason: string } | undefined
}

/** Decides. When `rescale` is set the caller scales and then finishes with scaled() or scaleFailed(). */
export async function reconcileHpa(input: HpaInput): Promise<HpaResult> {
  const plan = new Plan(input.hpa, input.now)
  const { scale } = input
  if ('error' in scale) {
    const message = `the HPA controller was unable to get the target's current scale: ${scale.error}`
    plan.event('Warning', 'FailedGetScale', scale.error)
    plan.condition({ type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message })
    plan.writeConditions()
    return { plan, memory: input.memory, metrics: undefined, rescale: undefined }
  }
  plan.condition({
    type: 'AbleToScale',
    status: 'True',
    reason: 'SucceededGetScale',
    message: "the HPA controller was able to get the target's current scale",
  })
  const memory = firstRecommendation(input.memory, scale.replicas, input.now)
  return outOfBounds(plan, scale, memory) ?? (await byMetrics(plan, scale, { ...input, memory }))
}

/** The size at first sight counts as recommended: without it a new HPA would shrink its target at once. */
function firstRecommendation(memory: Memory, replicas: number, now: number): Memory {
  if (memory.recommendations.length > 0) return memory
  return { ...memory, recommendations: [{ replicas, atMs: now }] }
}

/** The cases in which metrics are not read at all. */
function outOfBounds(plan: Plan, { replicas: current }: Scale, memory: Memory): HpaResult | undefined {
  const { maxReplicas: max, minReplicas: min = 1 } = plan.hpa.spec
  const result = { plan, memory, metrics: undefined }
  if (current === 0 && min !== 0) {
    plan.condition({
      type: 'ScalingActive',
      status: 'False',
      reason: 'ScalingDisabled',
      message: 'scaling is disabled since the replica count of the target is zero',
    })
    plan.writeStatus({ current, desired: 0 })
    return { ...result, rescale: undefined }
  }
  if (current > max) {
    const reason = 'Current number of replicas above Spec.MaxReplicas'
    return { ...result, rescale: { current, desired: max, reason } }
  }
  if (current < min) {
    const reason = 'Current number of replicas below Spec.MinReplicas'
    return { ...result, rescale: { current, desired: min, reason } }
  }
  return undefined
}

async function byMetrics(plan: Plan, scale: Scale, input: HpaInput): Promise<HpaResult> {
  const { memory, now } = input
  const { spec, metadata } = input.hpa
  const current = scale.replicas
  const result = { plan, memory, metrics: undefined, rescale: undefined }
  if ('reason' in input.pods) {
    const { reason, message, eventReason, eventMessage } = input.pods
    plan.event('Warning', eventReason, eventMessage)
    plan.condition({ type: 'ScalingActive', status: 'False', reason, message })
    plan.writeStatus({ current })
    plan.event('Warning', 'FailedComputeMetricsReplicas', eventMessage)
    return result
  }
  const metrics = spec.metrics ?? []
  const computed = await computeReplicas(metrics, {
    namespace: metadata.namespace!,
    specReplicas: current,
    statusReplicas: scale.statusReplicas,
    selector: scale.selector,
    pods: input.pods,
    tolerance: toleranceOf(spec.behavior),
    grouping: { ...input.grouping, now },
    sources: input.sources,
  })
  for (const { reason, message } of computed.failures) plan.event('Warning', reason, message)
  if (computed.replicas === undefined) {
    const { reason, message } = computed.failures[0]!
    const condition = `the HPA was unable to compute the replica count: ${message}`
    plan.condition({ type: 'ScalingActive', status: 'False', reason, message: condition })
    plan.writeStatus({ current }, computed.statuses)
    plan.event('Warning', 'FailedComputeMetricsReplicas', summarise(computed.failures, metrics.length))
    return { ...result, metrics: computed.statuses }
  }
  plan.condition({
    type: 'ScalingActive',
    status: 'True',
    reason: 'ValidMetricFound',
    message: `the HPA was able to successfully calculate a replica count from ${computed.name}`,
  })
  const bounds = { current, min: spec.minReplicas ?? 1, max: spec.maxReplicas }
  const decision = decide(computed.replicas, bounds, spec.behavior, memory, now)
  for (const condition of decision.conditions) plan.condition(condition)
  const after = { plan, memory: decision.memory, metrics: computed.statuses }
  if (decision.replicas === current) {
    plan.writeStatus({ current, desired: current }, computed.statuses)
    return { ...after, rescale: undefined }
  }
  // The reason speaks of what the metrics asked for, not of what the limits left of it.
  const reason =
    computed.replicas > current
      ? `${computed.name} above target`
      : computed.replicas < current
        ? 'All metrics below target'
        : ''
  return { ...after, rescale: { current, desired: decision.replicas, reason } }
}

/** The scale was written. */
export function scaled({ plan, metrics, rescale }: HpaResult): void {
  const { current, desired, reason } = rescale!
  plan.event('Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`)
  plan.condition({
    type: 'AbleToScale',
    status: 'True',
    reason: 'SucceededRescale',
    message: `the HPA controller was able to update the target scale to ${desired}`,
  })
  plan.writeStatus({ current, desired }, metrics, true)
}

/** The scale was refused. */
export function scaleFailed({ plan, metrics, rescale }: HpaResult, error: string): void {
  const { current, desired, reason } = rescale!
  const message = `the HPA controller was unable to update the target scale: ${error}`
  const summary = `New size: ${desired}; reason: ${reason}; error: ${error}`
  plan.event('Warning', 'FailedRescale', summary)
  plan.condition({ type: 'AbleToScale', status: 'False', reason: 'FailedUpdateScale', message })
  plan.writeStatus({ current }, metrics)
}
