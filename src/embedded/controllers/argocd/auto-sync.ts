/** Whether a comparison starts a sync by itself. */
import { equal } from '../../store/json.ts'
import { revisionsOf, type Sources, sourceState, sourcesOf } from './sources.ts'
import type { AppCondition, Application, Operation, ResourceStatus, SyncCode } from './types.ts'

/** Waits before the repairs of one drift after the other: 0, 2, 6, 18, 54, 162, 300 s. */
const HEAL_BASE_MS = 2_000
const HEAL_FACTOR = 3
const HEAL_CAP_MS = 300_000
const DEFAULT_RETRY_LIMIT = 5

export interface Compared {
  sync: SyncCode
  /** Of each source. */
  revisions: string[]
  sources: Sources
  resources: ResourceStatus[]
}

export type AutoSync =
  | { do: 'nothing' }
  | { do: 'complain'; condition: AppCondition }
  | { do: 'wait'; ms: number }
  | { do: 'start'; operation: Operation }

const NOTHING: AutoSync = { do: 'nothing' }

/** True for an Application that syncs by itself. */
export function isAutomated({ spec }: Application): boolean {
  const { automated } = spec.syncPolicy ?? {}
  return automated !== undefined && automated !== null && automated.enabled !== false
}

/** Pure: what to do after a comparison. */
export function decideAutoSync(app: Application, compared: Compared, nowMs: number): AutoSync {
  const automated = app.spec.syncPolicy?.automated
  if (!automated || !isAutomated(app) || app.operation || app.metadata.deletionTimestamp) return NOTHING
  const running = app.status?.operationState
  if (running && (running.phase === 'Running' || running.phase === 'Terminating')) return NOTHING
  if (compared.sync !== 'OutOfSync') return NOTHING
  const plain = compared.resources.filter(({ hook }) => !hook)
  const onlyExtra = plain.every(({ status, requiresPruning }) => status === 'Synced' || requiresPruning)
  if (!automated.prune && onlyExtra) return NOTHING
  const attempted = wasAttempted(app, compared)
  let attempts = 0
  if (attempted) {
    const { phase, message, finishedAt, operation } = running!
    if (phase !== 'Succeeded') {
      const text = `Failed last sync attempt to [${compared.revisions.join(' ')}]: ${message ?? ''}`
      return { do: 'complain', condition: { type: 'SyncError', message: text } }
    }
    if (!automated.selfHeal) return NOTHING
    attempts = operation.sync?.autoHealAttemptsCount ?? 0
    const waitMs = healDelayMs(attempts) - (nowMs - Date.parse(finishedAt ?? ''))
    if (waitMs > 0) return { do: 'wait', ms: waitMs }
  }
  if (automated.prune && !automated.allowEmpty && plain.every(({ requiresPruning }) => requiresPruning)) {
    const text = `Skipping sync attempt to [${compared.revisions.join(' ')}]: auto-sync will wipe out all resources`
    return { do: 'complain', condition: { type: 'SyncError', message: text } }
  }
  return { do: 'start', operation: operationFor(app, compared, attempted ? attempts + 1 : undefined) }
}

/** Milliseconds between the end of a repair and the next one, by how many there were. */
export function healDelayMs(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(HEAL_CAP_MS, HEAL_BASE_MS * HEAL_FACTOR ** (attempts - 1))
}

function wasAttempted({ status }: Application, { revisions, sources }: Compared): boolean {
  const result = status?.operationState?.syncResult
  return (
    result !== undefined &&
    equal(revisionsOf(result), revisions) &&
    equal(sourcesOf(result).list, sources.list)
  )
}

/** A repair names what it repairs, which makes it a partial sync: no hooks, no history. */
function operationFor(
  { spec }: Application,
  { revisions, sources, resources }: Compared,
  healAttempt: number | undefined,
): Operation {
  const { automated, syncOptions, retry } = spec.syncPolicy ?? {}
  const drifted = resources
    .filter(({ status }) => status !== 'Synced')
    .map(({ group, kind, name }) => ({ ...(group ? { group } : {}), kind, name }))
  return {
    initiatedBy: { automated: true },
    sync: {
      ...(sources.several ? { sources: sources.list, revisions } : sourceState(sources, revisions)),
      ...(automated?.prune ? { prune: true } : {}),
      ...(syncOptions ? { syncOptions } : {}),
      ...(healAttempt === undefined ? {} : { autoHealAttemptsCount: healAttempt }),
      ...(healAttempt === undefined || drifted.length === 0 ? {} : { resources: drifted }),
    },
    retry: retry ?? { limit: DEFAULT_RETRY_LIMIT },
  }
}
