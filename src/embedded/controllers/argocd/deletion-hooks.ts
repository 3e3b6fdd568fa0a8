/** PreDelete and PostDelete hooks: run before an Application's objects go and after they have gone, then cleaned up. */
import { isStatus } from '../../errors.ts'
import type { KubeObject, Manifest, Resource } from '../../objects.ts'
import { clone } from '../../store/json.ts'
import { deletePolicies, type HookType, hookTypes } from './annotations.ts'
import { trackingName } from './app-name.ts'
import { healthOf, worse } from './health/health.ts'
import { COMPONENT } from './names.ts'
import { type ObserveTools, targetsOf } from './observe.ts'
import { sourcesOf, wantedRevisions } from './sources.ts'
import { keyOfObject } from './tracking.ts'
import type { Application, HealthCode } from './types.ts'

export type DeletionHook = Extract<HookType, 'PreDelete' | 'PostDelete'>

interface Live {
  resource: Resource
  object: KubeObject
}

/**
 * Creates the hooks that Git has and the cluster has not, and looks at the others; true when all have ended well.
 * Throws when one has failed, which is then deleted so that a mended one can run, or when Git cannot be read.
 */
export async function runDeletionHooks(
  type: DeletionHook,
  app: Application,
  tools: ObserveTools,
): Promise<boolean> {
  const live = liveHooks(type, app, tools)
  const known = new Set(live.map(({ object }) => keyOfObject(object)))
  const missing = (await hooksInGit(type, app, tools)).filter((hook) => !known.has(keyOfObject(hook)))
  for (const hook of missing) create(hook, tools)
  if (missing.length > 0) return false
  const failed = live.filter(({ object }) => healthOf(object)?.status === 'Degraded')
  for (const one of failed) remove(one, tools)
  if (failed.length > 0) {
    const names = failed.map(({ object }) => `${object.metadata.namespace}/${object.metadata.name}`)
    throw new Error(`${type} hook(s) failed: ${names.join(', ')}`)
  }
  return live.every(({ object }) => healthOf(object)?.status !== 'Progressing')
}

/** Deletes the hooks whose policy fits how they all ended; true when those are gone. */
export function cleanUpDeletionHooks(type: DeletionHook, app: Application, tools: ObserveTools): boolean {
  const hooks = liveHooks(type, app, tools)
  const outcome = hooks.reduce<HealthCode>(
    (worst, { object }) => worse(worst, healthOf(object)?.status ?? 'Healthy'),
    'Healthy',
  )
  const wanted = { Healthy: 'HookSucceeded', Degraded: 'HookFailed' }[outcome as string]
  const doomed = hooks.filter(({ object }) => deletePolicies(object).some((policy) => policy === wanted))
  for (const one of doomed) if (!one.object.metadata.deletionTimestamp) remove(one, tools)
  return doomed.every(({ resource, object: { metadata } }) => {
    return tools.client.get(resource, metadata.namespace, metadata.name) === undefined
  })
}

function liveHooks(type: DeletionHook, app: Application, tools: ObserveTools): Live[] {
  return tools.managed
    .tracked(trackingName(app, tools.controllerNamespace), tools.client)
    .filter(({ object }) => hookTypes(object).includes(type))
}

async function hooksInGit(type: DeletionHook, app: Application, tools: ObserveTools): Promise<Manifest[]> {
  const sources = sourcesOf(app.spec)
  const request = { app, sources, revisions: wantedRevisions(sources), fresh: false, syncOptions: [] }
  const { rendered } = await targetsOf(request, tools)
  return rendered.targets.hooks.filter((hook) => hookTypes(hook).includes(type))
}

function create(hook: Manifest, { client }: ObserveTools): void {
  const resource = client.resourceFor(hook.apiVersion, hook.kind)
  if (!resource) throw new Error(`no matches for kind "${hook.kind}" in version "${hook.apiVersion}"`)
  try {
    client.create(resource, clone(hook), { fieldManager: COMPONENT })
  } catch (thrown) {
    if (!isStatus(thrown, 409)) throw thrown
  }
}

function remove({ resource, object: { metadata } }: Live, { client }: ObserveTools): void {
  try {
    client.delete(resource, metadata.namespace, metadata.name, { propagationPolicy: 'Background' })
  } catch (thrown) {
    if (!isStatus(thrown, 404)) throw thrown
  }
}
