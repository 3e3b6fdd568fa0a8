/** A refresh: observe, write the status, and let auto-sync decide. */
import { rfc3339 } from '../../../lib/clock.ts'
import { equal } from '../../store/json.ts'
import { recordEvent } from '../runtime/events.ts'
import { decideAutoSync } from './auto-sync.ts'
import { assess, type ComparedApplication, keyOfApplication, summaryOf } from './compare.ts'
import { blockers, replaceConditions } from './conditions.ts'
import { keepDeletionFinalizers } from './deletion-finalizers.ts'
import { APPLICATIONS, COMPONENT, FIELD_MANAGER, REFRESH } from './names.ts'
import { type Observation, type ObserveTools, observe } from './observe.ts'
import { patchFrom } from './patch-from.ts'
import { projectOf } from './project.ts'
import { revisionsOf, sourcesOf, wantedRevisions } from './sources.ts'
import { windowRefusal } from './sync-windows.ts'
import type { Application, ApplicationStatus, ComparedTo, HealthCode, Operation } from './types.ts'

/** How much a refresh does anew: 1 compares with the revision known, 2 asks the repository, 3 is forced. */
export type Level = 0 | 1 | 2 | 3

const EVALUATED = new Set([
  'ComparisonError',
  'InvalidSpecError',
  'UnknownError',
  'SharedResourceWarning',
  'RepeatedResourceWarning',
  'ExcludedResourceWarning',
  'OrphanedResourceWarning',
])

/** What status.sync.comparedTo says of a spec. */
export function comparedTo({ spec }: Application): ComparedTo {
  const { list, several } = sourcesOf(spec)
  const [source] = list
  return {
    ...(several ? { sources: list } : source ? { source } : {}),
    destination: spec.destination,
    ...(spec.ignoreDifferences ? { ignoreDifferences: spec.ignoreDifferences } : {}),
  }
}

/** The level that the Application itself asks for, by annotation, by its spec, or by the age of its status. */
export function wantedLevel(app: Application, pending: Level, nowMs: number, expiryMs: number): Level {
  if (app.metadata.annotations?.[REFRESH]) return 3
  const { sync, reconciledAt } = app.status ?? {}
  if (!reconciledAt || !equal(sync?.comparedTo, comparedTo(app))) return 3
  if (pending < 2 && expiryMs > 0 && nowMs >= Date.parse(reconciledAt) + expiryMs) return 2
  return pending
}

/** Compares and writes the status. Answers when auto-sync wants to be asked again, in ms. */
export async function refresh(
  found: Application,
  level: Level,
  tools: ObserveTools,
): Promise<number | undefined> {
  const { client, nowMs } = tools
  const hard = found.metadata.annotations?.[REFRESH] === 'hard'
  if (hard) tools.cache.drop(found.metadata.name)
  const sources = sourcesOf(found.spec)
  const known = revisionsOf(found.status?.sync ?? {})
  const syncOptions = found.spec.syncPolicy?.syncOptions ?? []
  const observation = await observe(
    {
      app: found,
      sources,
      revisions: level < 2 && known.length === sources.list.length ? known : wantedRevisions(sources),
      fresh: level >= 2,
      syncOptions,
    },
    tools,
  )
  const { namespace, name } = found.metadata
  const app = client.get(APPLICATIONS, namespace, name) as Application | undefined
  if (!app) return undefined
  const compared = assessed(observation, syncOptions, app)
  if (isInvalid(observation)) {
    const conditions = replaceConditions(
      app.status?.conditions ?? [],
      EVALUATED,
      observation.conditions,
      nowMs,
    )
    const sync = { ...app.status?.sync, status: 'Unknown' as const }
    const next = { ...app.status, conditions, sync, health: healthSince(app, 'Unknown', nowMs) }
    write(app, next, tools)
    announce(app, next, tools)
    return undefined
  }
  const next = nextStatus(app, found, observation, compared, level, tools)
  const shut = windowRefusal({ app, windows: projectOf(client, app)?.spec.syncWindows, manual: false, nowMs })
  const decision = shut === undefined ? decide(app, next, observation, compared, tools) : undefined
  if (decision) {
    const complaints = decision.do === 'complain' ? [decision.condition] : []
    next.conditions = replaceConditions(next.conditions ?? [], new Set(['SyncError']), complaints, nowMs)
  }
  if (next.conditions?.length === 0) delete next.conditions
  if (decision?.do === 'start') start(app, decision.operation, observation.revisions, tools)
  keepDeletionFinalizers(app, observation, client)
  write(app, next, tools)
  announce(app, next, tools)
  return decision?.do === 'wait' ? decision.ms : undefined
}

/** The spec, or the project, does not let anything be compared: what was known before stays as it is. */
function isInvalid({ conditions }: Observation): boolean {
  return blockers(conditions) !== undefined && conditions.every(({ type }) => type !== 'ComparisonError')
}

function start(
  app: Application,
  operation: Operation,
  revisions: string[],
  { client, nowMs }: ObserveTools,
): void {
  const { namespace, name } = app.metadata
  const patch = { operation, status: { operationState: null } }
  client.patch(APPLICATIONS, namespace, name, patch, { type: 'merge', fieldManager: FIELD_MANAGER })
  recordEvent(client, nowMs, {
    regarding: app,
    type: 'Normal',
    reason: 'OperationStarted',
    message: `Initiated automated sync to '${revisions.join(', ')}'`,
    component: COMPONENT,
  })
}

function healthSince(app: Application, status: HealthCode, nowMs: number): ApplicationStatus['health'] {
  const { status: before, lastTransitionTime } = app.status?.health ?? {}
  return { status, lastTransitionTime: (before === status && lastTransitionTime) || rfc3339(nowMs) }
}

function assessed(
  { pairs, conditions }: Observation,
  syncOptions: string[],
  app: Application,
): ComparedApplication {
  const compared = assess(pairs, syncOptions, keyOfApplication(app))
  if (!blockers(conditions)) {
    return hasChangedNamespaceMetadata(app) ? { ...compared, sync: 'OutOfSync' } : compared
  }
  return {
    sync: 'Unknown',
    health: compared.health,
    resources: compared.resources.map((row) => ({ ...row, status: 'Unknown' as const })),
  }
}

/** Whether the namespace is to be given other labels or annotations than the last sync gave it. */
function hasChangedNamespaceMetadata({ spec, status }: Application): boolean {
  const result = status?.operationState?.syncResult
  return (
    result !== undefined && !equal(result.managedNamespaceMetadata, spec.syncPolicy?.managedNamespaceMetadata)
  )
}

function nextStatus(
  app: Application,
  observed: Application,
  { revisions, sourceTypes, pairs, conditions }: Observation,
  compared: ComparedApplication,
  level: Level,
  { nowMs, controllerNamespace }: ObserveTools,
): ApplicationStatus {
  const { sourceType: _, sourceTypes: __, ...current } = app.status ?? {}
  const { several } = sourcesOf(observed.spec)
  const [revision] = revisions
  const [sourceType] = sourceTypes ?? []
  return {
    ...current,
    sync: {
      status: compared.sync,
      ...(several ? (revisions.length > 0 ? { revisions } : {}) : revision ? { revision } : {}),
      comparedTo: comparedTo(observed),
    },
    health: healthSince(app, compared.health, nowMs),
    resources: compared.resources,
    conditions: replaceConditions(current.conditions ?? [], EVALUATED, conditions, nowMs),
    ...(several ? (sourceTypes ? { sourceTypes } : {}) : sourceType ? { sourceType } : {}),
    summary: summaryOf(pairs),
    resourceHealthSource: 'appTree',
    controllerNamespace,
    reconciledAt: level >= 2 || !current.reconciledAt ? rfc3339(nowMs) : current.reconciledAt,
  }
}

function decide(
  app: Application,
  status: ApplicationStatus,
  { revisions }: Observation,
  { sync, resources }: ComparedApplication,
  { nowMs }: ObserveTools,
) {
  const sources = sourcesOf(app.spec)
  return decideAutoSync({ ...app, status }, { sync, revisions, sources, resources }, nowMs)
}

/** Status and the refresh annotation's removal in one patch: clients wait for the annotation to go. */
function write(app: Application, next: ApplicationStatus, { client }: ObserveTools): void {
  const status = patchFrom(app.status ?? {}, next)
  const asked = app.metadata.annotations?.[REFRESH] !== undefined
  if (status === undefined && !asked) return
  const patch = {
    ...(status === undefined ? {} : { status }),
    ...(asked ? { metadata: { annotations: { [REFRESH]: null } } } : {}),
  }
  const { namespace, name } = app.metadata
  client.patch(APPLICATIONS, namespace, name, patch, { type: 'merge', fieldManager: FIELD_MANAGER })
}

function announce(app: Application, next: ApplicationStatus, { client, nowMs }: ObserveTools): void {
  const tell = (what: string, before: string | undefined, after: string | undefined) => {
    if (before === after) return
    const message = `Updated ${what} status: ${before ?? ''} -> ${after ?? ''}`
    recordEvent(client, nowMs, {
      regarding: app,
      type: 'Normal',
      reason: 'ResourceUpdated',
      message,
      component: COMPONENT,
    })
  }
  tell('sync', app.status?.sync?.status, next.sync?.status)
  tell('health', app.status?.health?.status, next.health?.status)
}
