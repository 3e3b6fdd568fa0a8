/** What an Application should be and what it is: manifests of its source, live objects, and how they differ. */
import { messageOf } from '../../../lib/errors.ts'
import type { Client } from '../../client.ts'
import type { KubeObject, Manifest } from '../../objects.ts'
import type { Catalog } from '../../schema/types.ts'
import { isSkipped } from './annotations.ts'
import { trackingName } from './app-name.ts'
import type { Pair } from './compare.ts'
import { isModified } from './diff/compare-object.ts'
import type { ManagedObjects } from './managed-objects.ts'
import { projectOf, refusal, specErrors } from './project.ts'
import { normaliseTargets, type ResourceExclusion, type Targets } from './source/normalise.ts'
import { type ClusterFacts, renderSource } from './source/render.ts'
import type { Repositories } from './source/repositories.ts'
import { groupOf, keyOfObject, trackedBy } from './tracking.ts'
import type { AppCondition, Application, ApplicationSource } from './types.ts'

export interface ObserveTools {
  client: Client
  catalog: Catalog
  nowMs: number
  repositories: Repositories
  managed: ManagedObjects
  facts: () => ClusterFacts
  exclusions: ResourceExclusion[]
  controllerNamespace: string
  cache: ManifestCache
}

export interface ObserveRequest {
  app: Application
  source: ApplicationSource
  /** A branch, tag, commit; '' is the default branch. */
  revision: string
  /** Ask the repository anew, and render again what failed before. */
  fresh: boolean
  syncOptions: string[]
}

export interface Observation {
  /** Resolved; '' when that failed. */
  revision: string
  sourceType?: string
  pairs: Pair[]
  hooks: Manifest[]
  conditions: AppCondition[]
}

interface Rendered {
  sourceType: string
  targets: Targets
}

/** Manifests by what they are made from; the newest few of each Application. */
export class ManifestCache {
  readonly #entries = new Map<string, Map<string, Promise<Rendered>>>()

  get(app: string, key: string): Promise<Rendered> | undefined {
    return this.#entries.get(app)?.get(key)
  }

  /** The comparison and a running operation may be at different revisions. */
  put(app: string, key: string, rendered: Promise<Rendered>): void {
    const own = this.#entries.get(app) ?? new Map<string, Promise<Rendered>>()
    own.delete(key)
    this.#entries.set(app, own.set(key, rendered))
    const [oldest] = own.keys()
    if (own.size > 2 && oldest !== undefined) own.delete(oldest)
  }

  drop(app: string): void {
    this.#entries.delete(app)
  }
}

/** Never throws for what the Application's author can mend: that becomes a condition. */
export async function observe(request: ObserveRequest, tools: ObserveTools): Promise<Observation> {
  const { app, source } = request
  const project = projectOf(tools.client, app)
  const invalid = specErrors({ ...app, spec: { ...app.spec, source } }, project)
  if (!project || invalid.length > 0) return { revision: '', pairs: [], hooks: [], conditions: invalid }
  let revision = ''
  try {
    revision = await tools.repositories.get(source.repoURL).resolve(request.revision, request.fresh)
    const { sourceType, targets } = await manifests(request, revision, tools)
    const pairs = await pairUp(targets.resources, request, tools)
    const conditions = [...targets.warnings, ...sharedResources(pairs, app, tools.controllerNamespace)]
    const checked = pairs.map((pair) => ({ ...pair, refused: isRefused(pair) }))
    return { revision, sourceType, pairs: checked.filter(isShown), hooks: targets.hooks, conditions }

    function isRefused({ target, live }: Pair): boolean {
      const { apiVersion, kind, metadata } = (target ?? live)!
      const { namespace } = metadata
      return (
        refusal(project!, { group: groupOf(apiVersion), kind, namespace }, namespace !== undefined) !==
        undefined
      )
    }
  } catch (thrown) {
    const message = `Failed to load target state: failed to generate manifest for source 1 of 1: ${messageOf(thrown)}`
    return {
      revision,
      pairs: await pairUp([], request, tools),
      hooks: [],
      conditions: [{ type: 'ComparisonError', message }],
    }
  }
}

/** Extra objects that the project does not permit are nobody's business. */
function isShown({ target, refused }: Pair): boolean {
  return target !== undefined || !refused
}

async function manifests(
  { app, source, fresh }: ObserveRequest,
  revision: string,
  tools: ObserveTools,
): Promise<Rendered> {
  const { cache, catalog, facts, exclusions, controllerNamespace, repositories } = tools
  const name = trackingName(app, controllerNamespace)
  const { destination, project } = app.spec
  const key = JSON.stringify([revision, source, destination, project, catalog.revision])
  const known = cache.get(name, key)
  // A failure is worth another try only when somebody asks.
  if (
    known &&
    (!fresh ||
      (await known.then(
        () => true,
        () => false,
      )))
  )
    return await known
  const rendering = (async (): Promise<Rendered> => {
    const root = await repositories.get(source.repoURL).checkout(revision)
    const { sourceType, objects } = await renderSource({ app, source, revision, root, facts: facts() })
    const namespace = destination.namespace ?? ''
    return {
      sourceType,
      targets: normaliseTargets(objects, { appName: name, namespace, catalog, exclusions }),
    }
  })()
  cache.put(name, key, rendering)
  return await rendering
}

/** Targets with their live objects, then what is tracked and has no target. */
async function pairUp(targets: Manifest[], request: ObserveRequest, tools: ObserveTools): Promise<Pair[]> {
  const { client, managed } = tools
  const appName = trackingName(request.app, tools.controllerNamespace)
  const pairs = new Map<string, Pair>()
  for (const target of targets) {
    const resource = client.resourceFor(target.apiVersion, target.kind)
    const { namespace, name = '' } = target.metadata
    const live = resource && client.get(resource, namespace, name)
    const key = keyOfObject(target)
    pairs.set(key, { key, resource, target, ...(live ? { live } : {}), modified: false })
  }
  managed.expect(appName, pairs.keys())
  for (const { resource, object } of managed.tracked(appName, client)) {
    const key = keyOfObject(object)
    if (!pairs.has(key)) pairs.set(key, { key, resource, live: object, modified: false })
  }
  const all = [...pairs.values()]
  for (const pair of all) {
    if (pair.target && pair.live && !isSkipped(pair.target)) pair.modified = await diff(pair, request, tools)
  }
  return all
}

interface Remembered {
  target: Manifest
  rules: string
  modified: boolean
}

/** Live objects are frozen snapshots: the same one against the same target differs in the same way. */
const verdicts = new WeakMap<KubeObject, Remembered>()

async function diff(
  { target, live, resource }: Pair,
  request: ObserveRequest,
  tools: ObserveTools,
): Promise<boolean> {
  const rules = request.app.spec.ignoreDifferences ?? []
  const { syncOptions } = request
  const key = JSON.stringify([rules, syncOptions.includes('ServerSideApply=true')])
  const known = verdicts.get(live!)
  if (known && known.target === target && known.rules === key) return known.modified
  const modified = await isModified(
    { target: target!, live: live!, resource: resource!, rules, syncOptions },
    tools,
  )
  verdicts.set(live!, { target: target!, rules: key, modified })
  return modified
}

function sharedResources(pairs: Pair[], app: Application, controllerNamespace: string): AppCondition[] {
  const own = trackingName(app, controllerNamespace)
  return pairs.flatMap(({ target, live }) => {
    const tracking = target && live && trackedBy(live)
    if (!tracking?.own || tracking.appName === own) return []
    const what = `${live!.kind}/${live!.metadata.name}`
    const message = `${what} is part of applications ${app.metadata.namespace}/${app.metadata.name} and ${tracking.appName}`
    return [{ type: 'SharedResourceWarning', message }]
  })
}
