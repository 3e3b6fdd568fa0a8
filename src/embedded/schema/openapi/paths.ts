/** The paths section of an OpenAPI document: the operations of one resource type. */
import type { ResourceInfo } from '../types.ts'

type Json = Record<string, unknown>

const JSON_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

const ACTIONS: Record<string, { method: string; action: string; collection: boolean }> = {
  create: { method: 'post', action: 'post', collection: true },
  delete: { method: 'delete', action: 'delete', collection: false },
  deletecollection: { method: 'delete', action: 'deletecollection', collection: true },
  get: { method: 'get', action: 'get', collection: false },
  list: { method: 'get', action: 'list', collection: true },
  patch: { method: 'patch', action: 'patch', collection: false },
  update: { method: 'put', action: 'put', collection: false },
}

/** Root of a group version: `/api/v1`, `/apis/apps/v1`. */
export function groupVersionRoot({ group, version }: Pick<ResourceInfo, 'group' | 'version'>): string {
  return group ? `/apis/${group}/${version}` : `/api/${version}`
}

/** The paths of a type and its subresources. `reference` points at the schema of its kind. */
export function resourcePaths(info: ResourceInfo, reference: Json): Record<string, Json> {
  const root = groupVersionRoot(info)
  const base = `${root}${info.namespaced ? '/namespaces/{namespace}' : ''}/${info.plural}`
  const paths: Record<string, Json> = {}
  const own = { group: info.group, version: info.version, kind: info.kind }
  for (const verb of info.verbs) addOperation(paths, base, verb, info, own, reference)
  if (info.namespaced && info.verbs.includes('list')) {
    paths[`${root}/${info.plural}`] = { get: operation('list', own, info, reference) }
  }
  for (const sub of info.subresources) {
    const kind = { group: sub.group ?? info.group, version: sub.version ?? info.version, kind: sub.kind }
    const item: Json = { parameters: pathParameters(info, true) }
    for (const verb of sub.verbs) {
      const known = ACTIONS[verb]
      if (known)
        item[known.method] = operation(known.action, kind, info, sub.kind === info.kind ? reference : {})
    }
    paths[`${base}/{name}/${sub.name}`] = item
  }
  return paths
}

function addOperation(
  paths: Record<string, Json>,
  base: string,
  verb: string,
  info: ResourceInfo,
  kind: Json,
  reference: Json,
): void {
  const known = ACTIONS[verb]
  if (!known) return
  const path = known.collection ? base : `${base}/{name}`
  paths[path] ??= { parameters: pathParameters(info, !known.collection) }
  paths[path][known.method] = operation(known.action, kind, info, reference)
}

function operation(action: string, kind: Json, info: ResourceInfo, reference: Json): Json {
  const writes = action === 'post' || action === 'put' || action === 'patch'
  const types = action === 'patch' ? patchTypes(info) : JSON_TYPES
  const body = action === 'patch' ? { type: 'object' } : reference
  return {
    tags: [[info.group.split('.')[0] || 'core', info.version].join('_')],
    ...(writes
      ? { parameters: WRITE_PARAMETERS, requestBody: { content: content(types, body), required: true } }
      : {}),
    responses: {
      200: { description: 'OK', content: content(JSON_TYPES, action === 'list' ? {} : reference) },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kind,
  }
}

/** Strategic merge exists for built-in kinds only: kubectl apply decides by this list. */
function patchTypes({ custom }: ResourceInfo): string[] {
  const common = [
    'application/apply-patch+yaml',
    'application/json-patch+json',
    'application/merge-patch+json',
  ]
  return custom ? common : [...common, 'application/strategic-merge-patch+json']
}

function content(types: string[], schema: Json): Json {
  return Object.fromEntries(types.map((type) => [type, { schema }]))
}

function parameter(
  name: string,
  place: string,
  description: string,
  schema: Json = { type: 'string' },
): Json {
  return { name, in: place, description, ...(place === 'path' ? { required: true } : {}), schema }
}

const WRITE_PARAMETERS = [
  parameter('dryRun', 'query', 'When `All`, nothing is stored.'),
  parameter('fieldManager', 'query', 'Name of the actor that makes the change.'),
  parameter('fieldValidation', 'query', 'How unknown and duplicate fields are met: Ignore, Warn or Strict.'),
  parameter('force', 'query', 'Take over fields that other managers own; apply only.', { type: 'boolean' }),
]

function pathParameters({ namespaced }: ResourceInfo, named: boolean): Json[] {
  return [
    ...(named ? [parameter('name', 'path', 'Name of the object.')] : []),
    ...(namespaced ? [parameter('namespace', 'path', 'Namespace of the object.')] : []),
  ]
}
