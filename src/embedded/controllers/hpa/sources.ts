/** Where an HPA's numbers come from. All values are in thousandths ("milli"), as the real controller counts. */
import type { ExternalMetrics } from '../../metrics.ts'
import type { PodUsage } from '../../node/agent.ts'

/** One pod's value of a metric. */
export interface PodMetric {
  milli: number
  timestampMs: number
  windowMs: number
}

export type PodMetrics = Map<string, PodMetric>

/** custom.metrics.k8s.io, where an adapter is installed. Failures throw. */
export interface CustomMetrics {
  /** Values of the pods that the label selector matches, by pod name. */
  pods(namespace: string, metric: string, labelSelector: string): Promise<PodMetrics>
  /** The value that describes one object, in milli. */
  object(namespace: string, kind: string, name: string, metric: string): Promise<number>
}

export interface MetricSources {
  /** metrics.k8s.io: the latest samples of a namespace's pods. */
  podUsage: (namespace: string) => PodUsage[]
  external: ExternalMetrics
  custom?: CustomMetrics
}

/**
 * The samples of one resource for pods by name: the sum over containers, or one container's. A pod whose
 * sample lacks a wanted container is left out, as if it had none.
 */
export function resourceMetrics(usage: PodUsage[], resource: string, container?: string): PodMetrics {
  const metrics: PodMetrics = new Map()
  for (const { name, containers, timestampMs, windowMs } of usage) {
    const counted = container === undefined ? containers : containers.filter((one) => one.name === container)
    if (counted.length === 0) continue
    const milli = counted.reduce(
      (sum, { cpuNanocores, memoryBytes }) =>
        sum + (resource === 'cpu' ? Math.ceil(cpuNanocores / 1e6) : memoryBytes * 1000),
      0,
    )
    metrics.set(name, { milli, timestampMs, windowMs: windowMs || 60_000 })
  }
  return metrics
}
