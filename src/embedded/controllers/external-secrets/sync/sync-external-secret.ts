/** One pass over an ExternalSecret: decide, fetch, write, report. */
import { rfc3339 } from '../../../../lib/clock.ts'
import { messageOf } from '../../../../lib/errors.ts'
import type { Lookup } from '../../../../lib/http-client.ts'
import { controllerOf, type KubeObject } from '../../../objects.ts'
import type { Context, Result } from '../../runtime/controller.ts'
import { recordEvent } from '../../runtime/events.ts'
import { EXTERNAL_SECRETS, FINALIZER, SECRETS } from '../resources.ts'
import type { SecretsClient } from '../secrets-client.ts'
import { FIELD_MANAGER, patchStatus, withReady } from '../status.ts'
import { findStore } from '../store/find-store.ts'
import type { ExternalSecret, StoreRef } from '../types.ts'
import { connectStore } from '../vault-provider/connect.ts'
import { TargetRefused, targetName } from './build-secret.ts'
import { gather } from './gather.ts'
import { resourceVersionKey } from './hashes.ts'
import { isTargetValid, refreshMs, shouldRefresh } from './should-refresh.ts'
import type { TemplateEngine } from './template.ts'
import { deleteOrphans, type Outcome, type WriteTools, writeSecret } from './write-secret.ts'

export interface SyncTools {
  context: Context
  lookup: Lookup
  engine: () => Promise<TemplateEngine>
}

/** A throw comes back with backoff; status and event tell the cause by then. */
export async function syncExternalSecret(
  found: ExternalSecret,
  tools: SyncTools,
): Promise<Result | undefined> {
  const { client, clock } = tools.context
  if (found.metadata.deletionTimestamp) {
    cleanUp(found, tools)
    return undefined
  }
  const startedMs = clock.now()
  const externalSecret = ensureFinalizer(found, tools)
  const { namespace } = externalSecret.metadata
  const target = client.get(SECRETS, namespace, targetName(externalSecret))
  if (!shouldRefresh(externalSecret, startedMs) && isTargetValid(externalSecret, target)) {
    return nextLook(externalSecret, startedMs)
  }
  const event: WriteTools['event'] = (type, reason, message) =>
    tell(externalSecret, tools, type, reason, message)
  try {
    const render = usesTemplates(externalSecret) ? await tools.engine() : noTemplates
    const outcome = await sync(externalSecret, target, { ...tools, render, event })
    if (outcome.done === 'marked') return { requeueAfterMs: 1 }
    return succeed(externalSecret, outcome, startedMs, tools)
  } catch (thrown) {
    const failure =
      thrown instanceof SyncFailure ? thrown : new SyncFailure('could not update secret', thrown)
    event('Warning', 'UpdateFailed', messageOf(failure.cause))
    report(externalSecret, 'False', 'SecretSyncedError', failure.message, {}, tools)
    // Only an event can mend these.
    if (failure.cause instanceof TargetRefused) return undefined
    throw failure.cause
  }
}

function usesTemplates({ spec }: ExternalSecret): boolean {
  return Boolean(
    spec.target?.template ||
      spec.dataFrom?.some(({ rewrite }) => rewrite?.some(({ transform }) => transform)),
  )
}

const noTemplates: TemplateEngine = () => {
  throw new Error('no template engine is loaded')
}

/** The condition's generic text, with the real error as its cause. */
class SyncFailure extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
  }
}

async function sync(
  externalSecret: ExternalSecret,
  target: KubeObject | undefined,
  tools: SyncTools & WriteTools,
): Promise<Outcome> {
  const data = await fetchData(externalSecret, tools)
  if ((externalSecret.spec.target?.creationPolicy ?? 'Owner') === 'Owner') {
    try {
      deleteOrphans(externalSecret, tools)
    } catch (thrown) {
      throw new SyncFailure('could not delete orphaned secrets', thrown)
    }
  }
  try {
    return writeSecret(externalSecret, target, data, tools)
  } catch (thrown) {
    throw new SyncFailure(
      thrown instanceof TargetRefused ? thrown.message : 'could not update secret',
      thrown,
    )
  }
}

async function fetchData(
  externalSecret: ExternalSecret,
  { context: { client }, lookup, render, event }: SyncTools & WriteTools,
) {
  const namespace = externalSecret.metadata.namespace!
  // One login per store and sync; nothing is kept in between.
  const clients = new Map<string, Promise<SecretsClient>>()
  const clientFor = (ref: StoreRef | undefined) => {
    if (!ref?.name) throw new Error('no secretStoreRef given')
    const key = `${ref.kind ?? 'SecretStore'}/${ref.name}`
    const connected =
      clients.get(key) ?? connectStore(client, findStore(client, ref, namespace), namespace, lookup)
    clients.set(key, connected)
    return connected
  }
  try {
    return await gather(externalSecret, {
      clientFor: async (ref) => await clientFor(ref),
      render,
      missing: (message) => event('Normal', 'MissingProviderSecret', message),
    })
  } catch (thrown) {
    throw new SyncFailure('could not get secret data from provider', thrown)
  } finally {
    for (const connecting of clients.values()) {
      await connecting.then(
        (connected) => connected.close(),
        () => undefined,
      )
    }
  }
}

function ensureFinalizer(found: ExternalSecret, { context }: SyncTools): ExternalSecret {
  const { namespace, name, finalizers = [] } = found.metadata
  if (finalizers.includes(FINALIZER)) return found
  const patch = { metadata: { finalizers: [...finalizers, FINALIZER] } }
  const options = { type: 'merge', fieldManager: FIELD_MANAGER } as const
  return context.client.patch(EXTERNAL_SECRETS, namespace, name, patch, options) as ExternalSecret
}

/** With deletionPolicy Delete the Secret goes at once; otherwise its owner reference decides. */
function cleanUp(externalSecret: ExternalSecret, { context: { client } }: SyncTools): void {
  const { namespace, name, uid, finalizers = [] } = externalSecret.metadata
  if (!finalizers.includes(FINALIZER)) return
  if (externalSecret.spec.target?.deletionPolicy === 'Delete') {
    const target = client.get(SECRETS, namespace, targetName(externalSecret))
    if (target && controllerOf(target)?.uid === uid) client.delete(SECRETS, namespace, target.metadata.name)
  }
  const patch = { metadata: { finalizers: finalizers.filter((finalizer) => finalizer !== FINALIZER) } }
  client.patch(EXTERNAL_SECRETS, namespace, name, patch, { type: 'merge', fieldManager: FIELD_MANAGER })
}

function succeed(
  externalSecret: ExternalSecret,
  outcome: Exclude<Outcome, { done: 'marked' }>,
  startedMs: number,
  tools: SyncTools,
): Result | undefined {
  const name = targetName(externalSecret)
  const refreshTime = rfc3339(startedMs)
  const bound = tools.context.client.get(SECRETS, externalSecret.metadata.namespace, name)
  const status = {
    refreshTime,
    syncedResourceVersion: resourceVersionKey(externalSecret),
    ...(bound ? { binding: { name } } : {}),
  }
  report(externalSecret, 'True', outcome.done, outcome.message, status, tools)
  return nextLook({ ...externalSecret, status: { ...externalSecret.status, refreshTime } }, startedMs)
}

/** At refreshTime + interval; never with an interval of 0. One more millisecond: the interval must have passed. */
function nextLook(externalSecret: ExternalSecret, nowMs: number): Result | undefined {
  const interval = refreshMs(externalSecret)
  const refreshed = externalSecret.status?.refreshTime
  if (interval <= 0 || !refreshed) return undefined
  return { requeueAfterMs: Math.max(1, Date.parse(refreshed) + interval - nowMs + 1) }
}

function report(
  externalSecret: ExternalSecret,
  status: 'True' | 'False',
  reason: string,
  message: string,
  more: Record<string, unknown>,
  { context: { client, clock } }: SyncTools,
): void {
  const conditions = withReady(externalSecret.status?.conditions, { status, reason, message }, clock.now())
  patchStatus(client, EXTERNAL_SECRETS, externalSecret, { ...more, conditions })
}

function tell(
  regarding: ExternalSecret,
  { context: { client, clock } }: SyncTools,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  recordEvent(client, clock.now(), { regarding, type, reason, message, component: FIELD_MANAGER })
}
