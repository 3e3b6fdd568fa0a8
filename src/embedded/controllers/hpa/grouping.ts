/** Sorts an HPA's pods: which samples count, which are missing, which pods are too young to judge. */
import { isTerminating, type Pod, podCondition } from '../shared/pods.ts'
import type { PodMetric, PodMetrics } from './sources.ts'

export interface PodGroups {
  ready: number
  unready: Set<string>
  missing: Set<string>
  ignored: Set<string>
}

export interface GroupingOptions {
  /** `cpu` looks at readiness; memory and custom metrics take a pod's sample as it is. */
  resource: string
  now: number
  /** How long CPU use after a start is not trusted, in ms. The real default is 5 min. */
  cpuInitializationMs: number
  /** How long after its start a pod may flip readiness and still count as never ready, in ms. Real: 30 s. */
  initialReadinessMs: number
}

export function groupPods(pods: Pod[], metrics: PodMetrics, options: GroupingOptions): PodGroups {
  const groups: PodGroups = { ready: 0, unready: new Set(), missing: new Set(), ignored: new Set() }
  for (const pod of pods) {
    const { name } = pod.metadata
    const sample = metrics.get(name)
    if (isTerminating(pod) || pod.status?.phase === 'Failed') groups.ignored.add(name)
    else if (pod.status?.phase === 'Pending') groups.unready.add(name)
    else if (!sample) groups.missing.add(name)
    else if (options.resource === 'cpu' && isUnready(pod, sample, options)) groups.unready.add(name)
    else groups.ready++
  }
  return groups
}

function isUnready(pod: Pod, sample: PodMetric, options: GroupingOptions): boolean {
  const condition = podCondition(pod, 'Ready')
  const started = Date.parse(pod.status?.startTime ?? '')
  if (!condition || Number.isNaN(started)) return true
  const changed = Date.parse(condition.lastTransitionTime ?? '')
  if (started + options.cpuInitializationMs > options.now) {
    // Still starting up: the sample must lie wholly in the time after the pod became ready.
    return condition.status === 'False' || sample.timestampMs < changed + sample.windowMs
  }
  return condition.status === 'False' && started + options.initialReadinessMs > changed
}
