/** One pass over an AnalysisRun: measurements that are due, and what they amount to. */
import { rfc3339 } from '../../../../../lib/clock.ts'
import { messageOf } from '../../../../../lib/errors.ts'
import type { KubeObject } from '../../../../objects.ts'
import type { Change } from '../../../runtime/changes.ts'
import { COMPONENT } from '../../names.ts'
import { isCompleted } from '../../status/phase.ts'
import type { MetricProvider } from '../providers/provider.ts'
import { argumentValues, resolveMetric } from './arguments.ts'
import { isTerminating, metricPhase, runVerdict, statusResult, withMeasurement } from './assess.ts'
import { turnOf } from './schedule.ts'
import type { AnalysisRunStatus, Measurement, Metric, MetricResult } from './types.ts'
import { metricsError } from './validate.ts'

const KEPT_MEASUREMENTS = 10

export interface RunTools {
  /** The provider of a metric; throws for one that is not supported. */
  provider(metric: Metric): MetricProvider
  /** The value of a Secret's key; throws when it is not there. */
  secret(name: string, key: string): string
}

export interface RunResult {
  status: AnalysisRunStatus
  events: Change[]
  requeueAfterMs?: number
}

/** The next status of a run that has not ended. */
export async function reconcileAnalysisRun(
  run: KubeObject,
  tools: RunTools,
  now: number,
): Promise<RunResult> {
  const events: Change[] = []
  const status: AnalysisRunStatus = structuredClone({ startedAt: rfc3339(now), ...run.status })
  status.metricResults ??= []
  const metrics = preparedMetrics(run, tools)
  if (typeof metrics === 'string') {
    tellRun(run, 'Error', events)
    return { status: { ...status, phase: 'Error', message: metrics }, events }
  }
  const terminating = isTerminating(run.spec.terminate === true, status.metricResults)
  const due = metrics.filter(({ metric }) => turnOf(metric, status, terminating, now).kind !== 'wait')
  const taken = await Promise.all(due.map((task) => measure(run, task, status, terminating, tools, now)))
  for (const result of taken) put(status, result)
  assess(run, metrics, status, events, now)
  forget(run, metrics, status, tools)
  const waits = metrics.map(({ metric }) => turnOf(metric, status, terminating, now))
  const times = waits
    .map((turn) => (turn.kind === 'wait' ? turn.until : undefined))
    .filter((time) => time !== undefined)
  const next =
    isCompleted(status.phase) || times.length === 0 ? {} : { requeueAfterMs: Math.min(...times) - now }
  return { status, events, ...next }
}

interface Task {
  metric: Metric
  dryRun: boolean
  /** How many of its measurements stay in the status. */
  kept: number
}

/** Metrics with their arguments, or why they cannot be measured. */
function preparedMetrics(run: KubeObject, tools: RunTools): Task[] | string {
  const { metrics = [], args = [], dryRun = [], measurementRetention = [] } = run.spec
  let resolved: Metric[]
  try {
    const values = argumentValues(args, tools.secret)
    resolved = metrics.map((metric: Metric) => resolveMetric(metric, values))
  } catch (thrown) {
    return `Unable to resolve metric arguments: ${messageOf(thrown)}`
  }
  const error = metricsError(resolved)
  if (error) return `Analysis spec invalid: ${error}`
  const matches = ({ metricName }: { metricName: string }, { name }: Metric) =>
    new RegExp(metricName).test(name)
  for (const [field, rules] of Object.entries({ dryRun, measurementRetention })) {
    const idle = rules.findIndex((rule: any) => !resolved.some((metric) => matches(rule, metric)))
    if (idle >= 0) return `Analysis spec invalid: ${field}[${idle}]: Rule didn't match any metric name(s)`
  }
  return resolved.map((metric) => ({
    metric,
    dryRun: dryRun.some((rule: any) => matches(rule, metric)),
    kept: measurementRetention.findLast((rule: any) => matches(rule, metric))?.limit || KEPT_MEASUREMENTS,
  }))
}

async function measure(
  run: KubeObject,
  { metric, dryRun }: Task,
  status: AnalysisRunStatus,
  terminating: boolean,
  tools: RunTools,
  now: number,
): Promise<MetricResult> {
  const result: MetricResult = statusResult(status, metric.name) ?? {
    name: metric.name,
    phase: 'Running',
    ...(dryRun ? { dryRun } : {}),
  }
  const last = result.measurements?.at(-1)
  const open = last && last.finishedAt === undefined ? last : undefined
  let measurement: Measurement
  try {
    const provider = tools.provider(metric)
    if (!open) measurement = await provider.run(run, metric, now)
    else if (!terminating) measurement = provider.resume(run, metric, open, now)
    else measurement = { ...provider.terminate(run, metric, open, now), message: 'Metric Terminated' }
  } catch (thrown) {
    measurement = { startedAt: rfc3339(now), ...open, phase: 'Error', message: messageOf(thrown) }
  }
  if (isCompleted(measurement.phase)) measurement.finishedAt ??= rfc3339(now)
  return withMeasurement(result, hidden(run, measurement, tools))
}

/** Secrets do not show in messages. */
function hidden(run: KubeObject, measurement: Measurement, tools: RunTools): Measurement {
  if (!measurement.message) return measurement
  let { message } = measurement
  for (const { valueFrom } of run.spec.args ?? []) {
    if (!valueFrom?.secretKeyRef) continue
    const secret = tools.secret(valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key)
    if (secret) message = message.replaceAll(secret, '*****')
  }
  return { ...measurement, message }
}

function put(status: AnalysisRunStatus, result: MetricResult): void {
  const results = status.metricResults ?? []
  const at = results.findIndex(({ name }) => name === result.name)
  status.metricResults = at < 0 ? [...results, result] : results.with(at, result)
}

function assess(
  run: KubeObject,
  tasks: Task[],
  status: AnalysisRunStatus,
  events: Change[],
  now: number,
): void {
  const terminating = isTerminating(run.spec.terminate === true, status.metricResults ?? [])
  for (const { metric } of tasks) {
    const result = statusResult(status, metric.name)
    if (!result) continue
    const phase = metricPhase(metric, result, terminating)
    const { message } = result.measurements?.at(-1) ?? {}
    const changed = phase !== result.phase
    put(status, {
      ...result,
      phase,
      ...(changed && message ? { message } : {}),
    })
    if (!changed || !isCompleted(phase)) continue
    tell(run, `Metric${phase}`, `Metric '${metric.name}' Completed. Result: ${phase}`, phase, events)
  }
  const metrics = tasks.map(({ metric }) => metric)
  const verdict = runVerdict(metrics, status.metricResults ?? [], {
    terminate: run.spec.terminate === true,
    terminating,
  })
  const { phase, message, runSummary, dryRunSummary } = verdict
  Object.assign(status, { phase, runSummary, dryRunSummary })
  if (message) status.message = message
  else delete status.message
  if (!isCompleted(phase)) return
  status.completedAt ??= rfc3339(now)
  tellRun(run, phase, events)
}

/** Keeps the last measurements of each metric, and what belongs to them. */
function forget(run: KubeObject, tasks: Task[], status: AnalysisRunStatus, tools: RunTools): void {
  for (const { metric, kept } of tasks) {
    const result = statusResult(status, metric.name)
    if (!result?.measurements || result.measurements.length <= kept) continue
    put(status, { ...result, measurements: result.measurements.slice(-kept) })
    tools.provider(metric).collectGarbage?.(run, kept)
  }
}

function tellRun(run: KubeObject, phase: string, events: Change[]): void {
  tell(run, `AnalysisRun${phase}`, `Analysis Completed. Result: ${phase}`, phase, events)
}

function tell(run: KubeObject, reason: string, message: string, phase: string, events: Change[]): void {
  const type = phase === 'Failed' || phase === 'Error' ? 'Warning' : 'Normal'
  events.push({ verb: 'event', regarding: run, type, reason, message, component: COMPONENT })
}
