/** What measurements amount to: the phase of a metric, and of the whole run. */
import { isCompleted } from '../../status/phase.ts'
import {
  type AnalysisPhase,
  type AnalysisRunStatus,
  effectiveCount,
  type Measurement,
  type Metric,
  type MetricResult,
  numberOf,
  type RunSummary,
} from './types.ts'

const DEFAULT_ERROR_LIMIT = 4
/** From good to bad. */
const SEVERITY: AnalysisPhase[] = ['Successful', 'Inconclusive', 'Error', 'Failed']

/** Adds a finished or begun measurement to a metric's result; replaces the last one when that was still open. */
export function withMeasurement(result: MetricResult, measurement: Measurement): MetricResult {
  const before = result.measurements ?? []
  const open = before.length > 0 && before.at(-1)!.finishedAt === undefined
  const measurements = [...(open ? before.slice(0, -1) : before), measurement]
  const next = { ...result, measurements }
  const add = (field: 'count' | 'successful' | 'failed' | 'inconclusive' | 'error') => {
    next[field] = (next[field] ?? 0) + 1
  }
  if (!isCompleted(measurement.phase)) return next
  if (measurement.phase === 'Error') {
    add('error')
    return { ...next, consecutiveError: (result.consecutiveError ?? 0) + 1, consecutiveSuccess: 0 }
  }
  add('count')
  next.consecutiveError = 0
  if (measurement.phase === 'Successful') {
    add('successful')
    return { ...next, consecutiveSuccess: (result.consecutiveSuccess ?? 0) + 1 }
  }
  add(measurement.phase === 'Failed' ? 'failed' : 'inconclusive')
  return { ...next, consecutiveSuccess: 0 }
}

/** Which limit the measurements exceed, with the reason as text; undefined while none. */
export function exceeded(
  metric: Metric,
  result: MetricResult,
): { phase: AnalysisPhase; why: string } | undefined {
  const { failed = 0, inconclusive = 0, consecutiveError = 0 } = result
  const failureLimit = numberOf(metric.failureLimit, 0)
  const inconclusiveLimit = numberOf(metric.inconclusiveLimit, 0)
  const errorLimit = numberOf(metric.consecutiveErrorLimit, DEFAULT_ERROR_LIMIT)
  if (consecutiveError > errorLimit) {
    return {
      phase: 'Error',
      why: `consecutiveErrors (${consecutiveError}) > consecutiveErrorLimit (${errorLimit})`,
    }
  }
  if (inconclusive > inconclusiveLimit) {
    return {
      phase: 'Inconclusive',
      why: `inconclusive (${inconclusive}) > inconclusiveLimit (${inconclusiveLimit})`,
    }
  }
  if (failureLimit >= 0 && failed > failureLimit) {
    return { phase: 'Failed', why: `failed (${failed}) > failureLimit (${failureLimit})` }
  }
  return undefined
}

/** The phase of one metric. */
export function metricPhase(metric: Metric, result: MetricResult, terminating: boolean): AnalysisPhase {
  if (isCompleted(result.phase)) return result.phase
  const last = result.measurements?.at(-1)
  if (!last) return terminating ? 'Successful' : 'Pending'
  if (!isCompleted(last.phase)) return 'Running'
  const bad = exceeded(metric, result)
  if (bad) return bad.phase
  const successes = numberOf(metric.consecutiveSuccessLimit, 0)
  if (successes > 0 && (result.consecutiveSuccess ?? 0) >= successes) return 'Successful'
  const count = effectiveCount(metric)
  if (count !== undefined && (result.count ?? 0) >= count) {
    if (successes === 0) return 'Successful'
    return numberOf(metric.failureLimit, 0) >= 0 ? 'Inconclusive' : 'Failed'
  }
  return terminating ? 'Successful' : 'Running'
}

/** A bad metric ends the whole run, and so does a person. */
export function isTerminating(terminate: boolean, results: MetricResult[]): boolean {
  const bad = results.some(({ phase, dryRun }) => !dryRun && isCompleted(phase) && phase !== 'Successful')
  return terminate || bad
}

export interface Verdict {
  phase: AnalysisPhase
  message: string
  runSummary: RunSummary
  dryRunSummary: RunSummary
}

/** The worst of the metrics once all are through, or at once when the run is being ended; dry runs do not count. */
export function runVerdict(
  metrics: Metric[],
  results: MetricResult[],
  { terminate, terminating }: { terminate: boolean; terminating: boolean },
): Verdict {
  const runSummary: RunSummary = { count: 0 }
  const dryRunSummary: RunSummary = { count: 0 }
  let worst: AnalysisPhase | undefined
  let message = terminate ? 'Run Terminated' : ''
  let open = false
  for (const metric of metrics) {
    const result = results.find(({ name }) => name === metric.name)
    const summary = result?.dryRun ? dryRunSummary : runSummary
    summary.count = (summary.count ?? 0) + 1
    if (!result || !isCompleted(result.phase)) {
      open = true
      continue
    }
    const bad = exceeded(metric, result)
    const field = (bad?.phase ?? 'Successful').toLowerCase() as 'successful'
    summary[field] = (summary[field] ?? 0) + 1
    if (result.dryRun) worst ??= 'Successful'
    else if (worst === undefined || SEVERITY.indexOf(result.phase) > SEVERITY.indexOf(worst)) {
      worst = result.phase
      if (bad) {
        const error = result.message ? `: "Error Message: ${result.message}"` : ''
        message = `Metric "${metric.name}" assessed ${result.phase} due to ${bad.why}${error}`
      }
    }
  }
  const summaries = { runSummary, dryRunSummary }
  if (terminating) return { phase: worst ?? 'Successful', message, ...summaries }
  if (open || worst === undefined) return { phase: 'Running', message: '', ...summaries }
  return { phase: worst, message, ...summaries }
}

export function statusResult(status: AnalysisRunStatus, name: string): MetricResult | undefined {
  return status.metricResults?.find((result) => result.name === name)
}
