/** Replicas from per-pod metrics: resource use and pods metrics (replica_calculator.go). */
import type { Pod } from '../shared/pods.ts'
import { type GroupingOptions, groupPods, type PodGroups } from './grouping.ts'
import type { PodMetrics } from './sources.ts'
import { type Tolerance, withinTolerance } from './tolerance.ts'

/** A proposal, and what the status shows: computed before anything was filled in. */
export interface Proposal {
  replicas: number
  /** Percent of the request, for utilisation targets. */
  utilization?: number
  /** Average per pod, in milli. */
  averageMilli: number
}

export interface PodReplicasInput {
  /** scale.spec.replicas. */
  current: number
  /** Every pod that the scale's selector matches. */
  pods: Pod[]
  metrics: PodMetrics
  tolerance: Tolerance
  grouping: GroupingOptions
}

interface Measure {
  ratio: number
  utilization?: number
  averageMilli: number
}

interface Target {
  measure: (metrics: PodMetrics) => Measure
  /** The value assumed for a pod without a sample when scaling down, in milli. */
  assumed: (pod: string) => number
}

/** For a target share of the request, in percent; `requests` in milli by pod. */
export function utilizationReplicas(
  input: PodReplicasInput,
  requests: () => Map<string, number>,
  targetPercent: number,
): Proposal {
  let known: Map<string, number> | undefined
  const requestOf = () => {
    known ??= requests()
    return known
  }
  return calculate(input, {
    measure: (metrics) => utilization(metrics, requestOf(), targetPercent),
    assumed: (pod) => Math.trunc(((requestOf().get(pod) ?? 0) * Math.max(100, targetPercent)) / 100),
  })
}

/** For a target average per pod, in milli. */
export function averageReplicas(input: PodReplicasInput, targetMilli: number): Proposal {
  return calculate(input, {
    measure: (metrics) => average(metrics, targetMilli),
    assumed: () => targetMilli,
  })
}

function utilization(metrics: PodMetrics, requests: Map<string, number>, targetPercent: number): Measure {
  let used = 0
  let requested = 0
  let pods = 0
  for (const [pod, { milli }] of metrics) {
    const request = requests.get(pod)
    if (request === undefined) continue
    used += milli
    requested += request
    pods++
  }
  if (requested === 0) throw new Error('no metrics returned matched known pods')
  const percent = Math.trunc((used * 100) / requested)
  return { ratio: percent / targetPercent, utilization: percent, averageMilli: Math.trunc(used / pods) }
}

function average(metrics: PodMetrics, targetMilli: number): Measure {
  const total = [...metrics.values()].reduce((sum, { milli }) => sum + milli, 0)
  const averageMilli = Math.trunc(total / metrics.size)
  return { ratio: averageMilli / targetMilli, averageMilli }
}

function calculate(input: PodReplicasInput, target: Target): Proposal {
  const { current, pods, tolerance } = input
  if (pods.length === 0) throw new Error('no pods returned by selector while calculating replica count')
  const groups = groupPods(pods, input.metrics, input.grouping)
  const metrics = new Map(input.metrics)
  for (const pod of [...groups.ignored, ...groups.unready]) metrics.delete(pod)
  if (metrics.size === 0) {
    throw new Error('did not receive metrics for targeted pods (pods might be unready)')
  }
  const first = target.measure(metrics)
  const { averageMilli } = first
  const shown = {
    averageMilli,
    ...(first.utilization === undefined ? {} : { utilization: first.utilization }),
  }
  const unreadyCount = groups.unready.size > 0 && first.ratio > 1
  if (!unreadyCount && groups.missing.size === 0) {
    const replicas = withinTolerance(tolerance, first.ratio) ? current : Math.ceil(first.ratio * groups.ready)
    return { replicas, ...shown }
  }
  fillIn(metrics, groups, first.ratio, target)
  return {
    replicas: cautious(current, first.ratio, target.measure(metrics).ratio, metrics.size, tolerance),
    ...shown,
  }
}

/** Gives pods without a sample the value that argues against the direction that the others point in. */
function fillIn(metrics: PodMetrics, groups: PodGroups, ratio: number, target: Target): void {
  const put = (pod: string, milli: number) => metrics.set(pod, { milli, timestampMs: 0, windowMs: 0 })
  if (ratio < 1) for (const pod of groups.missing) put(pod, target.assumed(pod))
  if (ratio > 1) for (const pod of [...groups.missing, ...groups.unready]) put(pod, 0)
}

/** Nothing happens when the guess for the missing pods changes the direction. */
function cautious(current: number, first: number, ratio: number, pods: number, tolerance: Tolerance): number {
  const flipped = (first < 1 && ratio > 1) || (first > 1 && ratio < 1)
  if (withinTolerance(tolerance, ratio) || flipped) return current
  const replicas = Math.ceil(ratio * pods)
  const wrongWay = (ratio < 1 && replicas > current) || (ratio > 1 && replicas < current)
  return wrongWay ? current : replicas
}
