/** A refresh: observe, write the status, and let auto-sync decide. */
import { rfc3339 } from '../../../lib/clock.ts'
import { equal } from '../../store/json.ts'
import { recordEvent } from '../runtime/events.ts'
import { decideAutoSync, isAutomated } from './auto-sync.ts'
import { assess, type ComparedApplication, keyOfApplication, summaryOf } from './compare.ts'
import { blockers, replaceConditions } from './conditions.ts'
import { APPLICATIONS, COMPONENT, FIELD_MANAGER, REFRESH } from './names.ts'
import { type Observation, type ObserveTools, observe } from './observe.ts'
import { patchFrom } from './patch-from.ts'
import type { AppCondition, Application, ApplicationStatus, ComparedTo } from './types.ts'

/** How much a refresh does anew: 1 compares with the revision known, 2 asks the repository, 3 is forced. */
export type Level = 0 | 1 | 2 | 3

const EVALUATED = new Set([
  'ComparisonError',
  'InvalidSpecError',
  'UnknownError',
  'SharedResourceWarning',
  'RepeatedResourceWarning',
  'ExcludedResourceWarning',
])

/** What status.sync.comparedTo says of a spec. */
export function comparedTo({ spec }: Application): ComparedTo {
  return {
    ...(spec.source ? { source: spec.source } : {}),
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
  const { source } = found.spec
  const known = found.status?.sync?.revision
  const syncOptions = found.spec.syncPolicy?.syncOptions ?? []
  const observation = await observe(
    {
      app: found,
      source: source ?? { repoURL: '' },
      revision: level < 2 && known ? known : (source?.targetRevision ?? ''),
      fresh: level >= 2,
      syncOptions,
    },
    tools,
  )
  const { namespace, name } = found.metadata
  const app = client.get(APPLICATIONS, namespace, name) as Application | undefined
  if (!app) return undefined
  const compared = assessed(observation, syncOptions, app)
  const next = nextStatus(app, found, observation, compared, level, tools)
  const decision = isAutomated(app) && source ? decide(app, next, observation, compared, tools) : undefined
  const complaints = decision?.do === 'complain' ? [decision.condition] : []
  next.conditions = replaceConditions(next.conditions ?? [], new Set(['SyncError']), complaints, nowMs)
  if (next.conditions.length === 0) delete next.conditions
  write(app, next, tools)
  announce(app, next, tools)
  if (decision?.do === 'start') {
    const patch = { operation: decision.operation, status: { operationState: null } }
    client.patch(APPLICATIONS, namespace, name, patch, { type: 'merge', fieldManager: FIELD_MANAGER })
    const message = `Initiated automated sync to '${observation.revision}'`
    recordEvent(client, nowMs, {
      regarding: app,
      type: 'Normal',
      reason: 'OperationStarted',
      message,
      component: COMPONENT,
    })
  }
  return decision?.do === 'wait' ? decision.ms : undefined
}

function assessed(
  { pairs, conditions }: Observation,
  syncOptions: string[],
  app: Application,
): ComparedApplication {
  const compared = assess(pairs, syncOptions, keyOfApplication(app))
  if (!blockers(conditions)) return compared
  const invalid = conditions.some(({ type }) => type !== 'ComparisonError')
  return {
    sync: 'Unknown',
    health: invalid ? 'Unknown' : compared.health,
    resources: compared.resources.map(({ requiresPruning: _, ...row }) => ({
      ...row,
      status: 'Unknown' as const,
    })),
  }
}

function nextStatus(
  app: Application,
  observed: Application,
  { revision, sourceType, pairs, conditions }: Observation,
  compared: ComparedApplication,
  level: Level,
  { nowMs, controllerNamespace }: ObserveTools,
): ApplicationStatus {
  const current = app.status ?? {}
  const invalid: AppCondition[] = conditions
  const since = current.health?.status === compared.health ? current.health.lastTransitionTime : undefined
  return {
    ...current,
    sync: {
      status: compared.sync,
      ...(revision ? { revision } : {}),
      comparedTo: comparedTo(observed),
    },
    health: { status: compared.health, lastTransitionTime: since ?? rfc3339(nowMs) },
    resources: compared.resources,
    conditions: replaceConditions(current.conditions ?? [], EVALUATED, invalid, nowMs),
    ...(sourceType ? { sourceType } : {}),
    summary: summaryOf(pairs),
    resourceHealthSource: 'appTree',
    controllerNamespace,
    reconciledAt: level >= 2 || !current.reconciledAt ? rfc3339(nowMs) : current.reconciledAt,
  }
}

function decide(
  app: Application,
  status: ApplicationStatus,
  { revision }: Observation,
  { sync, resources }: ComparedApplication,
  { nowMs }: ObserveTools,
) {
  return decideAutoSync({ ...app, status }, { sync, revision, source: app.spec.source!, resources }, nowMs)
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
