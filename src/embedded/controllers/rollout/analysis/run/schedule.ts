/** When the metrics of a run are measured. */
import { parseGoDuration } from '../../../../../lib/go-duration.ts'
import { isCompleted } from '../../status/phase.ts'
import { statusResult } from './assess.ts'
import { type AnalysisRunStatus, effectiveCount, type Metric } from './types.ts'

const ERROR_RETRY_MS = 10_000

/** What to do about a metric now. */
export type Turn =
  | { kind: 'measure' }
  | { kind: 'resume' }
  /** Nothing before this time, in ms; undefined: nothing until something else happens. */
  | { kind: 'wait'; until: number | undefined }

export function turnOf(metric: Metric, status: AnalysisRunStatus, terminating: boolean, now: number): Turn {
  const result = statusResult(status, metric.name)
  const last = result?.measurements?.at(-1)
  if (result && isCompleted(result.phase)) return { kind: 'wait', until: undefined }
  if (last && last.finishedAt === undefined) {
    const resumeAt = last.resumeAt ? Date.parse(last.resumeAt) : now
    return resumeAt > now && !terminating ? { kind: 'wait', until: resumeAt } : { kind: 'resume' }
  }
  if (terminating) return { kind: 'wait', until: undefined }
  if (!last) {
    const delay = parseGoDuration(metric.initialDelay ?? '0s') ?? 0
    return dueAt(Date.parse(status.startedAt ?? '') + delay, now)
  }
  const count = effectiveCount(metric)
  if (count !== undefined && (result?.count ?? 0) >= count) return { kind: 'wait', until: undefined }
  const interval =
    last.phase === 'Error' ? ERROR_RETRY_MS : (parseGoDuration(metric.interval ?? '') ?? ERROR_RETRY_MS)
  return dueAt(Date.parse(last.finishedAt ?? '') + interval, now)
}

function dueAt(time: number, now: number): Turn {
  return time > now ? { kind: 'wait', until: time } : { kind: 'measure' }
}
