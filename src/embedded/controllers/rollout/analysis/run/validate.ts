/** Whether the metrics of an AnalysisRun make sense together. */
import { parseGoDuration } from '../../../../../lib/go-duration.ts'
import { type Metric, numberOf } from './types.ts'

/** The first error as text; undefined for metrics that can be measured. */
export function metricsError(metrics: Metric[]): string | undefined {
  if (metrics.length === 0) return 'no metrics specified'
  const names = new Set<string>()
  for (const [index, metric] of metrics.entries()) {
    if (names.has(metric.name)) return `metrics[${index}]: duplicate name '${metric.name}'`
    names.add(metric.name)
    const error = metricError(metric)
    if (error) return `metrics[${index}]: ${error}`
  }
  return undefined
}

function metricError(metric: Metric): string | undefined {
  const count = numberOf(metric.count, 0)
  const failures = numberOf(metric.failureLimit, 0)
  const successes = numberOf(metric.consecutiveSuccessLimit, 0)
  const inconclusive = numberOf(metric.inconclusiveLimit, 0)
  if (successes < 0) return 'consecutiveSuccessLimit must be >= 0'
  if (failures < -1) return 'failureLimit must be >= 0, or -1 to be disabled'
  if (successes === 0 && failures === -1) {
    return 'failureLimit and consecutiveSuccessLimit cannot both be disabled'
  }
  if (inconclusive < 0) return 'inconclusiveLimit must be >= 0'
  if (numberOf(metric.consecutiveErrorLimit, 0) < 0) return 'consecutiveErrorLimit must be >= 0'
  if (count > 0 && failures >= 0 && count < failures + successes) {
    const sum = `(${failures} + ${successes})`
    return `count (${count}) must be >= failureLimit + consecutiveSuccessLimit ${sum} if both >= 0`
  }
  if (count > 0 && failures < 0 && count < successes) return 'count must be >= consecutiveSuccessLimit'
  if (count > 0 && count < inconclusive) return 'count must be >= inconclusiveLimit'
  if (count > 1 && !metric.interval) return 'interval must be specified when count > 1'
  if (metric.interval && parseGoDuration(metric.interval) === undefined) {
    return `invalid interval string: time: invalid duration ${JSON.stringify(metric.interval)}`
  }
  if (metric.initialDelay && parseGoDuration(metric.initialDelay) === undefined) {
    return `invalid startDelay string: time: invalid duration ${JSON.stringify(metric.initialDelay)}`
  }
  const providers = Object.keys(metric.provider ?? {}).length
  if (providers === 0) return 'no provider specified'
  return providers > 1 ? 'multiple providers specified' : undefined
}
