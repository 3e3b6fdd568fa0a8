/** The short form in which built-in resource types are listed, and how it becomes a ResourceInfo. */
import type { ResourceInfo, Subresource } from '../types.ts'

/** Verbs of an ordinary stored type, in the order discovery gives them. */
export const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

const READ_WRITE = ['get', 'patch', 'update']

export interface ResourceLine {
  plural: string
  kind: string
  shortNames?: string[]
  /** Cluster-scoped; namespaced when absent. */
  cluster?: true
  /** Member of the category `all`. */
  all?: true
  /** Defaults to ALL_VERBS. */
  verbs?: string[]
  /** metadata.generation is kept. */
  generation?: true
  /** Has /status. */
  status?: true
  /** Has /scale with the usual paths of workloads. */
  scale?: true
  subresources?: Subresource[]
  /** Paths that field selectors may name, beside those of every type. */
  fields?: string[]
}

export interface GroupVersion {
  group: string
  version: string
  lines: ResourceLine[]
}

/** The ResourceInfo that a line stands for. */
export function resourceInfo({ group, version }: GroupVersion, line: ResourceLine): ResourceInfo {
  const subresources = [...(line.subresources ?? [])]
  if (line.scale) subresources.push({ name: 'scale', ...SCALE, verbs: READ_WRITE })
  if (line.status) subresources.push({ name: 'status', kind: line.kind, verbs: READ_WRITE })
  return {
    group,
    version,
    plural: line.plural,
    singular: line.kind.toLowerCase(),
    kind: line.kind,
    listKind: `${line.kind}List`,
    shortNames: line.shortNames ?? [],
    categories: line.all ? ['all'] : [],
    namespaced: !line.cluster,
    verbs: line.verbs ?? ALL_VERBS,
    subresources: subresources.sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...(line.scale ? { scale: SCALE_PATHS } : {}),
    custom: false,
    tracksGeneration: line.generation ?? false,
    selectableFields: Object.fromEntries((line.fields ?? []).map((path) => [path, path])),
  }
}

const SCALE = { kind: 'Scale', group: 'autoscaling', version: 'v1' }

/** Built-in workloads keep a structured selector, which the server prints as text in a Scale. */
const SCALE_PATHS = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.spec.selector',
}
