/** The parts of an AnalysisRun that its controller reads and writes. */
export type AnalysisPhase = 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive'

export interface Metric {
  name: string
  /** Go durations. */
  interval?: string
  initialDelay?: string
  count?: number | string
  successCondition?: string
  failureCondition?: string
  failureLimit?: number | string
  inconclusiveLimit?: number | string
  consecutiveErrorLimit?: number | string
  consecutiveSuccessLimit?: number | string
  /** One field names the provider. */
  provider: Record<string, any>
}

export interface Measurement {
  phase: AnalysisPhase
  message?: string
  value?: string
  /** RFC 3339. */
  startedAt?: string
  finishedAt?: string
  resumeAt?: string
  metadata?: Record<string, string>
}

export interface MetricResult {
  name: string
  phase: AnalysisPhase
  message?: string
  dryRun?: boolean
  count?: number
  successful?: number
  failed?: number
  inconclusive?: number
  error?: number
  consecutiveError?: number
  consecutiveSuccess?: number
  measurements?: Measurement[]
}

export interface RunSummary {
  count?: number
  successful?: number
  failed?: number
  inconclusive?: number
  error?: number
}

export interface AnalysisRunStatus {
  phase?: AnalysisPhase
  message?: string
  metricResults?: MetricResult[]
  startedAt?: string
  completedAt?: string
  runSummary?: RunSummary
  dryRunSummary?: RunSummary
}

/** An int-or-string field as a number; `fallback` when it is absent. */
export function numberOf(value: number | string | undefined, fallback: number): number {
  return value === undefined ? fallback : Number(value)
}

/** How many measurements a metric takes: undefined goes on for ever. */
export function effectiveCount({ count, interval }: Metric): number | undefined {
  const wanted = numberOf(count, 0)
  if (wanted > 0) return wanted
  return interval ? undefined : 1
}
