/** From raw rendered objects to target objects: flattened, placed in namespaces, unique, and marked as ours. */
import type { Manifest } from '../../../objects.ts'
import type { Catalog } from '../../../schema/types.ts'
import { isHook, isSkipped } from '../annotations.ts'
import { TRACKING_ID } from '../names.ts'
import { keyOfObject, trackingId } from '../tracking.ts'
import type { AppCondition } from '../types.ts'

export interface Targets {
  /** Plain resources, and those with the hook `Skip`, which are neither applied nor compared. */
  resources: Manifest[]
  hooks: Manifest[]
  warnings: AppCondition[]
}

/** A setting of argocd-cm, `resource.exclusions`: '*' and globs are not needed here, exact names are. */
export interface ResourceExclusion {
  group: string
  kinds: string[]
}

export interface NormaliseOptions {
  /** Name by which the Application tracks its objects. */
  appName: string
  /** For namespaced objects that name none. */
  namespace: string
  catalog: Pick<Catalog, 'findKind'>
  exclusions: ResourceExclusion[]
}

/** Throws for a document that is no Kubernetes object. */
export function normaliseTargets(raw: unknown[], options: NormaliseOptions): Targets {
  const warnings: AppCondition[] = []
  const unique = new Map<string, { object: Manifest; count: number }>()
  const hooks: Manifest[] = []
  for (const object of flatten(raw)) {
    const { group, kind } = partsOf(object)
    if (isExcluded(options.exclusions, group, kind)) {
      const message = `Resource ${group}/${kind} ${object.metadata.name ?? ''} is excluded in the settings`
      warnings.push({ type: 'ExcludedResourceWarning', message })
      continue
    }
    const placed = mark(place(object, options), options)
    if (isHook(placed) && !placed.metadata.name) {
      hooks.push(placed)
      continue
    }
    const key = keyOfObject(placed)
    const before = unique.get(key)
    // Deleted first, so that the last one also stands last.
    unique.delete(key)
    unique.set(key, { object: placed, count: (before?.count ?? 0) + 1 })
  }
  for (const [key, { count }] of unique) {
    if (count === 1) continue
    const message = `Resource ${key} appeared ${count} times among application resources.`
    warnings.push({ type: 'RepeatedResourceWarning', message })
  }
  const objects = [...unique.values()].map(({ object }) => object)
  return {
    resources: objects.filter((object) => isSkipped(object) || !isHook(object)),
    hooks: [...hooks, ...objects.filter((object) => isHook(object) && !isSkipped(object))],
    warnings,
  }
}

function flatten(raw: unknown[]): Manifest[] {
  return raw.flatMap((document) => {
    if (document === null || document === undefined) return []
    const object = document as Partial<Manifest>
    if (typeof object !== 'object' || !object.kind || !object.apiVersion) {
      throw new Error(
        `Object 'Kind' or 'apiVersion' is missing in '${JSON.stringify(document).slice(0, 120)}'`,
      )
    }
    if (object.kind.endsWith('List') && Array.isArray(object.items)) return flatten(object.items)
    return [{ ...object, metadata: object.metadata ?? {} } as Manifest]
  })
}

function partsOf(object: Manifest): { group: string; version: string; kind: string } {
  const slash = object.apiVersion.indexOf('/')
  return {
    group: slash < 0 ? '' : object.apiVersion.slice(0, slash),
    version: object.apiVersion.slice(slash + 1),
    kind: object.kind,
  }
}

function isExcluded(exclusions: ResourceExclusion[], group: string, kind: string): boolean {
  return exclusions.some((one) => one.group === group && (one.kinds.length === 0 || one.kinds.includes(kind)))
}

/** Namespaced without a namespace: the destination's. Cluster-scoped with one: none. Unknown kinds count as namespaced. */
function place(object: Manifest, { catalog, namespace }: NormaliseOptions): Manifest {
  const { group, version, kind } = partsOf(object)
  const info = catalog.findKind(group, version, kind) ?? catalog.findKind(group, undefined, kind)
  const { namespace: given, ...metadata } = object.metadata
  if (info && !info.namespaced) return { ...object, metadata }
  return { ...object, metadata: { ...metadata, namespace: given || namespace } }
}

/** CRDs are never tracked: one that leaves Git must not take every object of its kind along. */
function mark(object: Manifest, { appName, namespace }: NormaliseOptions): Manifest {
  if (object.kind === 'CustomResourceDefinition') return object
  const annotations = {
    ...object.metadata.annotations,
    [TRACKING_ID]: trackingId(appName, object, namespace),
  }
  return { ...object, metadata: { ...object.metadata, annotations } }
}
