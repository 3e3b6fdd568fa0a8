/** Applying one object as `kubectl apply` would, and the line that it would print. */
import type { Client, WriteOptions } from '../../../client.ts'
import { ApiError, isStatus } from '../../../errors.ts'
import type { KubeObject, Manifest, Resource } from '../../../objects.ts'
import { parseResource } from '../../../objects.ts'
import type { Catalog } from '../../../schema/types.ts'
import { clone, equal } from '../../../store/json.ts'
import { hasSyncOption, isOptionOn } from '../annotations.ts'
import { lastApplied } from '../diff/compare-object.ts'
import { threeWayMerge } from '../diff/three-way.ts'
import { COMPONENT, FIELD_MANAGER, LAST_APPLIED } from '../names.ts'
import { groupOf } from '../tracking.ts'
import { adoptLastApplied } from './adopt-last-applied.ts'

export interface ApplyTools {
  client: Client
  catalog: Pick<Catalog, 'find' | 'mergeSchema'>
}

export interface ApplyRequest {
  resource: Resource
  target: Manifest
  /** Sync options of the operation. */
  options: string[]
  /** Delete and create again when the change is refused. */
  force: boolean
  dryRun: boolean
}

/** Applies, and answers kubectl's line. Throws an ApiError when the server refuses. */
export function applyTarget(request: ApplyRequest, tools: ApplyTools): string {
  const { resource, target, options, dryRun } = request
  const { client } = tools
  const { namespace, name = '' } = target.metadata
  const forced = request.force || hasSyncOption(target, 'Force=true')
  const written = { fieldManager: FIELD_MANAGER, dryRun }
  const current = client.get(resource, namespace, name)
  const line = (verb: string) => `${titleOf(target)} ${verb}`
  if (isOptionOn(target, options, 'Replace')) {
    const replaced = { fieldManager: COMPONENT, dryRun }
    if (!current) return line(create(client, resource, target, replaced))
    if (!forced) {
      client.update(resource, clone(target) as KubeObject, replaced)
      return line('replaced')
    }
    if (!dryRun) remove(client, resource, current)
    create(client, resource, target, replaced)
    return `${quotedTitleOf(target)} deleted from ${namespace ?? ''} namespace\n${line('replaced')}`
  }
  if (isOptionOn(target, options, 'ServerSideApply')) {
    if (current && !dryRun) adoptLastApplied(client, resource, current)
    client.patch(resource, namespace, name, clone(target), { type: 'apply', ...written, force: true })
    return line('serverside-applied')
  }
  const configured = withLastApplied(target)
  if (!current) return rbac(target, line(create(client, resource, configured, written)))
  const next = merged(resource, current, target, configured, tools)
  try {
    const after = client.update(resource, next, written)
    const changed = dryRun
      ? !equal(next, current)
      : after.metadata.resourceVersion !== current.metadata.resourceVersion
    return rbac(target, line(changed ? 'configured' : 'unchanged'))
  } catch (thrown) {
    if (!forced || !(thrown instanceof ApiError)) throw thrown
    if (!dryRun) remove(client, resource, current)
    create(client, resource, configured, written)
    return line('configured')
  }
}

function create(client: Client, resource: Resource, target: Manifest, options: WriteOptions): string {
  client.create(resource, clone(target), options)
  return 'created'
}

function remove(client: Client, resource: Resource, { metadata }: KubeObject): void {
  const now = { propagationPolicy: 'Background' as const, gracePeriodSeconds: 0 }
  client.delete(resource, metadata.namespace, metadata.name, now)
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

/** `deployment.apps "web"`. */
function quotedTitleOf(target: Manifest): string {
  const [kind, name] = titleOf(target).split('/')
  return `${kind} "${name}"`
}

/** RBAC objects are reconciled first, as `kubectl auth reconcile` does. */
function rbac(target: Manifest, line: string): string {
  return groupOf(target.apiVersion) === 'rbac.authorization.k8s.io'
    ? `${titleOf(target)} reconciled. ${line}`
    : line
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
