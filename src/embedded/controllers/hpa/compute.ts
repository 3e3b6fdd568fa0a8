/** All metrics of an HPA together: the highest proposal wins. */
import { type EvaluateInput, type Evaluation, evaluateMetric, MetricError } from './evaluate.ts'

export interface Computed {
  /** undefined: no decision can be made, and `failure` says why. */
  replicas: number | undefined
  /** Name of the metric that decided. */
  name: string
  /** status.currentMetrics, a failed metric as `{type: ''}`. */
  statuses: Record<string, unknown>[]
  /** The metrics that failed, in order. */
  failures: MetricError[]
}

/**
 * Evaluates every metric. With some failing, the others decide only where they do not scale down:
 * the failed one might have asked for more.
 */
export async function computeReplicas(metrics: any[], input: EvaluateInput): Promise<Computed> {
  const failures: MetricError[] = []
  const statuses: Record<string, unknown>[] = []
  let best: Evaluation | undefined
  for (const metric of metrics) {
    try {
      const evaluation = await evaluateMetric(metric, input)
      statuses.push(evaluation.status)
      if (!best || evaluation.replicas > best.replicas) best = evaluation
    } catch (thrown) {
      if (!(thrown instanceof MetricError)) throw thrown
      failures.push(thrown)
      statuses.push({ type: '' })
    }
  }
  const decided = best && (failures.length === 0 || best.replicas >= input.specReplicas)
  return { replicas: decided ? best!.replicas : undefined, name: best?.name ?? '', statuses, failures }
}

/** `invalid metrics (1 invalid out of 2), first error is: …` */
export function summarise(failures: MetricError[], metrics: number): string {
  return `invalid metrics (${failures.length} invalid out of ${metrics}), first error is: ${failures[0]?.summary}`
}
