/** Discovery documents: legacy lists per group version, and the aggregated form. */
import type { Catalog, ResourceInfo, Subresource } from '../../schema/types.ts'
import { groupVersion } from '../registry/context.ts'

interface Group {
  name: string
  versions: { version: string; resources: ResourceInfo[] }[]
}

/** The served types by group and version, in the catalog's order. */
function groupsOf(catalog: Catalog): Group[] {
  const groups = Map.groupBy(catalog.resources(), (info) => info.group)
  return [...groups].map(([name, infos]) => ({
    name,
    versions: [...Map.groupBy(infos, (info) => info.version)].map(([version, resources]) => ({
      version,
      resources,
    })),
  }))
}

/** APIGroupDiscoveryList: of the core group for /api, of all others for /apis. */
export function aggregatedDiscovery(catalog: Catalog, core: boolean): Record<string, unknown> {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groupsOf(catalog)
      .filter((group) => (group.name === '') === core)
      .map((group) => ({
        metadata: group.name ? { name: group.name, creationTimestamp: null } : { creationTimestamp: null },
        versions: group.versions.map(({ version, resources }) => ({
          version,
          resources: resources.map(aggregatedResource),
          freshness: 'Current',
        })),
      })),
  }
}

function aggregatedResource(info: ResourceInfo): Record<string, unknown> {
  const { group, version, kind } = info
  return {
    resource: info.plural,
    responseKind: { group, version, kind },
    scope: info.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: info.singular,
    verbs: info.verbs,
    ...(info.shortNames.length > 0 ? { shortNames: info.shortNames } : {}),
    ...(info.categories.length > 0 ? { categories: info.categories } : {}),
    ...(info.subresources.length > 0
      ? { subresources: info.subresources.map((subresource) => aggregatedSubresource(info, subresource)) }
      : {}),
  }
}

function aggregatedSubresource(parent: ResourceInfo, subresource: Subresource): Record<string, unknown> {
  return {
    subresource: subresource.name,
    responseKind: {
      group: subresource.group ?? parent.group,
      version: subresource.version ?? parent.version,
      kind: subresource.kind,
    },
    verbs: subresource.verbs,
  }
}

/** /api of old. */
export function apiVersions(serverAddress: string): Record<string, unknown> {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  }
}

/** /apis of old. */
export function apiGroupList(catalog: Catalog): Record<string, unknown> {
  const groups = groupsOf(catalog).filter((group) => group.name !== '')
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupDocument) }
}

/** /apis/GROUP; undefined when the group is not served. */
export function apiGroup(catalog: Catalog, name: string): Record<string, unknown> | undefined {
  const group = groupsOf(catalog).find((each) => each.name === name)
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group) }
}

function groupDocument({ name, versions }: Group): Record<string, unknown> {
  const all = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: all, preferredVersion: all[0] }
}

/** /api/v1 and /apis/GROUP/VERSION; undefined when it is not served. */
export function apiResourceList(
  catalog: Catalog,
  group: string,
  version: string,
): Record<string, unknown> | undefined {
  const infos = catalog.resources().filter((info) => info.group === group && info.version === version)
  if (infos.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    ...(group ? { apiVersion: 'v1' } : {}),
    groupVersion: groupVersion({ group, version }),
    resources: infos.flatMap((info) => [
      resourceLine(info),
      ...info.subresources.map((subresource) => subresourceLine(info, subresource)),
    ]),
  }
}

function resourceLine(info: ResourceInfo): Record<string, unknown> {
  return {
    name: info.plural,
    singularName: info.singular,
    namespaced: info.namespaced,
    kind: info.kind,
    verbs: info.verbs,
    ...(info.shortNames.length > 0 ? { shortNames: info.shortNames } : {}),
    ...(info.categories.length > 0 ? { categories: info.categories } : {}),
  }
}

function subresourceLine(info: ResourceInfo, subresource: Subresource): Record<string, unknown> {
  const { group, version } = subresource
  return {
    name: `${info.plural}/${subresource.name}`,
    singularName: '',
    namespaced: info.namespaced,
    ...(group !== undefined && group !== info.group ? { group } : {}),
    ...(version !== undefined && (group ?? info.group) !== info.group ? { version } : {}),
    kind: subresource.kind,
    verbs: subresource.verbs,
  }
}
