/** Applying one object as `kubectl apply` would, and the line that it would print. */
import type { Client } from '../../../client.ts'
import { ApiError, isStatus } from '../../../errors.ts'
import type { KubeObject, Manifest, Resource } from '../../../objects.ts'
import { parseResource } from '../../../objects.ts'
import type { Catalog } from '../../../schema/types.ts'
import { clone, equal } from '../../../store/json.ts'
import { hasSyncOption, isOptionOn } from '../annotations.ts'
import { lastApplied } from '../diff/compare-object.ts'
import { threeWayMerge } from '../diff/three-way.ts'
import { FIELD_MANAGER, LAST_APPLIED } from '../names.ts'
import { groupOf, versionOf } from '../tracking.ts'

export interface ApplyTools {
  client: Client
  catalog: Pick<Catalog, 'find' | 'mergeSchema' | 'prune'>
}

export interface ApplyRequest {
  resource: Resource
  target: Manifest
  /** Sync options of the operation. */
  options: string[]
  /** Delete and create again when the change is refused. */
  force: boolean
}

/** Applies, and answers kubectl's line. Throws an ApiError when the server refuses. */
export function applyTarget({ resource, target, options, force }: ApplyRequest, tools: ApplyTools): string {
  const { client } = tools
  const { namespace, name = '' } = target.metadata
  if (isStrict(target, options)) refuseUnknownFields(resource, target, tools)
  const current = client.get(resource, namespace, name)
  const line = (verb: string) => `${titleOf(target)} ${verb}`
  if (isOptionOn(target, options, 'Replace')) {
    if (!current) return line(create(client, resource, target))
    client.update(resource, clone(target) as KubeObject, { fieldManager: FIELD_MANAGER })
    return line('replaced')
  }
  if (isOptionOn(target, options, 'ServerSideApply')) {
    client.patch(resource, namespace, name, clone(target), {
      type: 'apply',
      fieldManager: FIELD_MANAGER,
      force: true,
    })
    return line('serverside-applied')
  }
  const configured = withLastApplied(target)
  if (!current) return rbac(target, line(create(client, resource, configured)))
  const next = merged(resource, current, target, configured, tools)
  try {
    const written = client.update(resource, next, { fieldManager: FIELD_MANAGER })
    const changed = written.metadata.resourceVersion !== current.metadata.resourceVersion
    return rbac(target, line(changed ? 'configured' : 'unchanged'))
  } catch (thrown) {
    const forced = force || hasSyncOption(target, 'Force=true')
    if (!forced || !(thrown instanceof ApiError)) throw thrown
    client.delete(resource, namespace, name, { propagationPolicy: 'Background', gracePeriodSeconds: 0 })
    return line(create(client, resource, configured))
  }
}

function create(client: Client, resource: Resource, target: Manifest): string {
  client.create(resource, clone(target), { fieldManager: FIELD_MANAGER })
  return 'created'
}

/** The stored object with the target over it; its resourceVersion stays, so that nobody's write is lost. */
function merged(
  resource: Resource,
  current: KubeObject,
  target: Manifest,
  configured: Manifest,
  { catalog }: ApplyTools,
): KubeObject {
  const { group, version, plural } = parseResource(resource)
  const info = catalog.find(group, version, plural)
  const schema = info && !info.custom ? catalog.mergeSchema(info) : undefined
  const original = lastApplied(current) ?? {}
  const next = threeWayMerge(schema, original, configured, current) as KubeObject
  // An object that was never applied by us keeps what the target does not name.
  return equal(next, current) ? current : { ...next, apiVersion: current.apiVersion, kind: target.kind }
}

/** The annotation that the next apply compares with. */
function withLastApplied(target: Manifest): Manifest {
  const { [LAST_APPLIED]: _, ...annotations } = target.metadata.annotations ?? {}
  const bare = { ...target, metadata: { ...target.metadata, annotations } }
  return {
    ...bare,
    metadata: {
      ...bare.metadata,
      annotations: { ...annotations, [LAST_APPLIED]: `${JSON.stringify(bare)}\n` },
    },
  }
}

/** `deployment.apps/web`. */
function titleOf({ apiVersion, kind, metadata }: Manifest): string {
  const group = groupOf(apiVersion)
  return `${kind.toLowerCase()}${group ? `.${group}` : ''}/${metadata.name}`
}

/** RBAC objects are reconciled first, as `kubectl auth reconcile` does. */
function rbac(target: Manifest, line: string): string {
  return groupOf(target.apiVersion) === 'rbac.authorization.k8s.io'
    ? `${titleOf(target)} reconciled. ${line}`
    : line
}

function isStrict(target: Manifest, options: string[]): boolean {
  return !hasSyncOption(target, 'Validate=false') && !options.includes('Validate=false')
}

/**
 * kubectl's strict validation. Of custom resources only the server's own schema decides, because the embedded
 * definitions may lack fields of a newer operator.
 */
export function refuseUnknownFields(
  resource: Resource,
  target: Manifest,
  { catalog }: Pick<ApplyTools, 'catalog'>,
): void {
  const { group, version, plural } = parseResource(resource)
  const info = catalog.find(group, version, plural)
  if (!info || info.custom) return
  const unknown = catalog.prune(info, clone(target) as KubeObject)
  if (unknown.length === 0) return
  const fields = unknown.map((path) => `unknown field "${path}"`).join(', ')
  const { apiVersion, kind } = target
  const message = `${kind} in version "${versionOf(apiVersion)}" cannot be handled as a ${kind}: strict decoding error: ${fields}`
  throw new ApiError(400, 'BadRequest', `error when applying: ${message}`)
}

/** Deletes; gone already is done. Answers the object while finalizers hold it. */
export function pruneObject(
  client: Client,
  resource: Resource,
  live: KubeObject,
  options: string[],
): KubeObject | undefined {
  const policy = /^PrunePropagationPolicy=(\w+)$/
  const given = options.map((option) => policy.exec(option)?.[1]).find((name) => name !== undefined)
  const propagationPolicy =
    given === 'background' ? 'Background' : given === 'orphan' ? 'Orphan' : 'Foreground'
  try {
    return client.delete(resource, live.metadata.namespace, live.metadata.name, { propagationPolicy })
  } catch (thrown) {
    if (isStatus(thrown, 404)) return undefined
    throw thrown
  }
}
