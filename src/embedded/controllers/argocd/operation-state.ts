/** The pure half of an operation's life: retries, messages, history. */
import { rfc3339 } from '../../../lib/clock.ts'
import { parseGoDuration } from '../../../lib/go-duration.ts'
import type { Application, HistoryEntry, OperationState, RetryStrategy } from './types.ts'

const DEFAULT_HISTORY_LIMIT = 10
const RETRY = { duration: '5s', factor: 2, maxDuration: '3m' }

export function isInProgress(state: OperationState | undefined): state is OperationState {
  return state !== undefined && (state.phase === 'Running' || state.phase === 'Terminating')
}

/** Milliseconds before retry number `retryCount` + 1. */
export function retryDelayMs({ backoff = {} }: RetryStrategy, retryCount: number): number {
  const duration = parseGoDuration(backoff.duration || RETRY.duration) ?? 5000
  const max = parseGoDuration(backoff.maxDuration || RETRY.maxDuration) ?? 180_000
  return Math.min(max, duration * (backoff.factor ?? RETRY.factor) ** retryCount)
}

/**
 * The state after an end: finished for good, or (failed, with retries left) Running with finishedAt set, which
 * means waiting for the next attempt.
 */
export function ended(
  state: OperationState,
  phase: OperationState['phase'],
  message: string,
  nowMs: number,
): OperationState {
  const { retry = {} } = state.operation
  const { limit = 0 } = retry
  const retryCount = state.retryCount ?? 0
  const finished = { ...state, phase, message, finishedAt: rfc3339(nowMs) }
  const total =
    retryCount > 0 ? { ...finished, message: `${message} (retried ${retryCount} times).` } : finished
  if (phase === 'Succeeded') return finished
  if (state.phase === 'Terminating') return total
  if (limit < 0 || retryCount < limit) {
    const at = kitchen(nowMs + retryDelayMs(retry, retryCount))
    return {
      ...finished,
      phase: 'Running',
      retryCount: retryCount + 1,
      message: `${message}. Retrying attempt #${retryCount + 1} at ${at}.`,
    }
  }
  return total
}

/** When the next attempt is due, in ms since the epoch; undefined when none is waited for. */
export function retryAt({
  phase,
  finishedAt,
  operation,
  retryCount = 0,
}: OperationState): number | undefined {
  if (phase !== 'Running' || !finishedAt) return undefined
  return Date.parse(finishedAt) + retryDelayMs(operation.retry ?? {}, retryCount - 1)
}

/** The next attempt: nothing of the last one counts. */
export function retried(state: OperationState): OperationState {
  const { finishedAt, syncResult, operation, retryCount = 0, ...rest } = state
  const { sync, retry } = operation
  const { revision, ...unpinned } = sync ?? {}
  const refreshed = retry?.refresh && revision ? { ...operation, sync: unpinned } : operation
  const suffix = retry?.refresh ? ' with latest revisions' : ''
  return {
    ...rest,
    retryCount,
    operation: refreshed,
    message: `Retrying operation${suffix}. Attempt #${retryCount}`,
  }
}

/** The history with an entry for a whole, real, successful sync. */
export function withHistory(app: Application, state: OperationState): HistoryEntry[] | undefined {
  const history = app.status?.history
  const { sync, initiatedBy } = state.operation
  if (state.phase !== 'Succeeded' || sync?.dryRun || sync?.resources?.length || !state.syncResult)
    return history
  const { resources: _, managedNamespaceMetadata: __, revision, ...read } = state.syncResult
  const entry: HistoryEntry = {
    id: (history?.at(-1)?.id ?? -1) + 1,
    ...(revision ? { revision } : {}),
    ...read,
    deployStartedAt: state.startedAt,
    deployedAt: state.finishedAt ?? state.startedAt,
    ...(initiatedBy ? { initiatedBy } : {}),
  }
  const limit = app.spec.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT
  return limit <= 0 ? [] : [...(history ?? []), entry].slice(-limit)
}

/** Go's time.Kitchen, in UTC: `3:04PM`. */
function kitchen(ms: number): string {
  const at = new Date(ms)
  const hours = at.getUTCHours()
  const minutes = String(at.getUTCMinutes()).padStart(2, '0')
  return `${hours % 12 || 12}:${minutes}${hours < 12 ? 'AM' : 'PM'}`
}
