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
import { orphanWarnings } from './orphans.ts'
import { kindRefusal, projectOf, refusal, specErrors } from './project.ts'
import { normaliseTargets, type ResourceExclusion, type Targets } from './source/normalise.ts'
import { type Reference, referencesOf, usedReferences } from './source/references.ts'
import { type ClusterFacts, type RenderedSource, renderSource } from './source/render.ts'
import type { Repositories } from './source/repositories.ts'
import type { Sources } from './sources.ts'
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
  sources: Sources
  /** Of each source: a branch, tag, commit; '' is the default branch. */
  revisions: string[]
  /** Ask the repository anew, and render again what failed before. */
  fresh: boolean
  syncOptions: string[]
}

export interface Observation {
  /** Resolved; as they were asked for when the manifests could not be had. */
  revisions: string[]
  /** Of each source; '' for one that only lends its files. Absent when the manifests could not be had. */
  sourceTypes?: string[]
  pairs: Pair[]
  hooks: Manifest[]
  conditions: AppCondition[]
}

interface Rendered {
  sourceTypes: string[]
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
  const { app, sources } = request
  const project = projectOf(tools.client, app)
  const { source: _, sources: __, ...spec } = app.spec
  const given = sources.several ? { sources: sources.list } : { source: sources.list[0] }
  const invalid = specErrors({ ...app, spec: { ...spec, ...given } } as Application, project)
  if (!project || invalid.length > 0) return { revisions: [], pairs: [], hooks: [], conditions: invalid }
  try {
    const { revisions, rendered } = await targetsOf(request, tools)
    const { targets, sourceTypes } = rendered
    const pairs = await pairUp(targets.resources, request, tools)
    const conditions = [
      ...targets.warnings,
      ...sharedResources(pairs, app, tools.controllerNamespace),
      ...orphanWarnings(app, project, pairs, tools),
    ]
    const checked = pairs.map((pair) => ({ ...pair, refused: refusalOf(pair) }))
    return { revisions, sourceTypes, pairs: checked.filter(isShown), hooks: targets.hooks, conditions }

    function refusalOf({ target, live }: Pair): Pair['refused'] {
      const { apiVersion, kind, metadata } = (target ?? live)!
      const { namespace } = metadata
      const namespaced = namespace !== undefined
      const group = groupOf(apiVersion)
      if (kindRefusal(project!, { group, kind }, namespaced)) return 'kind'
      return refusal(project!, { group, kind, namespace }, namespaced) ? 'namespace' : undefined
    }
  } catch (thrown) {
    return {
      revisions: sources.several ? [] : request.revisions,
      pairs: await pairUp([], request, tools),
      hooks: [],
      conditions: [{ type: 'ComparisonError', message: `Failed to load target state: ${messageOf(thrown)}` }],
    }
  }
}

/** Extra objects that the project does not permit are nobody's business. */
function isShown({ target, refused }: Pair): boolean {
  return target !== undefined || !refused
}

/** The manifests at the revisions asked for. Throws when a repository, a revision or a rendering fails. */
export async function targetsOf(
  request: ObserveRequest,
  tools: ObserveTools,
): Promise<{ revisions: string[]; rendered: Rendered }> {
  const { list } = request.sources
  const revisions: string[] = []
  for (const [at, { repoURL }] of list.entries()) {
    const repository = tools.repositories.get(repoURL)
    const wanted = request.revisions[at] ?? ''
    revisions.push(await ofSource(at, list.length, () => repository.resolve(wanted, request.fresh)))
  }
  return { revisions, rendered: await manifests(request, revisions, tools) }
}

async function manifests(
  { app, sources, fresh }: ObserveRequest,
  revisions: string[],
  tools: ObserveTools,
): Promise<Rendered> {
  const { cache, catalog, exclusions, controllerNamespace } = tools
  const appName = trackingName(app, controllerNamespace)
  const { destination, project } = app.spec
  const key = JSON.stringify([revisions, sources.list, destination, project, catalog.revision])
  const known = cache.get(appName, key)
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
    const references = sources.several ? referencesOf(sources, revisions) : new Map<string, Reference>()
    const rendered: RenderedSource[] = []
    for (const [at, source] of sources.list.entries()) {
      const render = () => renderOne(app, source, revisions[at]!, references, tools)
      rendered.push(await ofSource(at, sources.list.length, render))
    }
    const namespace = destination.namespace ?? ''
    return {
      sourceTypes: rendered.map(({ sourceType }) => sourceType),
      targets: normaliseTargets(
        rendered.flatMap(({ objects }) => objects),
        { appName, namespace, catalog, exclusions },
      ),
    }
  })()
  cache.put(appName, key, rendering)
  return await rendering
}

async function renderOne(
  app: Application,
  source: ApplicationSource,
  revision: string,
  references: ReadonlyMap<string, Reference>,
  { repositories, facts, controllerNamespace }: ObserveTools,
): Promise<RenderedSource> {
  // A source with nothing but a name lends its files to the others.
  if (!source.path) return { sourceType: '', objects: [] }
  const folders = new Map<string, string>()
  for (const [name, used] of usedReferences(source, revision, references)) {
    folders.set(name, await repositories.get(used.source.repoURL).checkout(used.revision))
  }
  const root = await repositories.get(source.repoURL).checkout(revision)
  const appName = trackingName(app, controllerNamespace)
  return await renderSource({ app, source, revision, root, references: folders, appName, facts: facts() })
}

/** Says which source it was. */
async function ofSource<T>(at: number, count: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw new Error(`failed to generate manifest for source ${at + 1} of ${count}: ${messageOf(thrown)}`)
  }
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
  for (const { resource, object, own } of managed.tracked(appName, client)) {
    const key = keyOfObject(object)
    if (!pairs.has(key)) pairs.set(key, { key, resource, live: object, modified: false, foreign: !own })
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
