/** One target against its live object: would an apply change anything that counts? */
import type { Client } from '../../../client.ts'
import { ApiError } from '../../../errors.ts'
import type { KubeObject, Manifest, Resource } from '../../../objects.ts'
import { parseResource } from '../../../objects.ts'
import type { Catalog } from '../../../schema/types.ts'
import { clone, equal } from '../../../store/json.ts'
import { isOptionOn } from '../annotations.ts'
import { FIELD_MANAGER, LAST_APPLIED } from '../names.ts'
import type { IgnoreDifference } from '../types.ts'
import { rulesFor, withoutIgnored } from './ignore.ts'
import { dropManaged } from './managers.ts'
import { restoreRemoved } from './pointers.ts'
import { threeWayMerge } from './three-way.ts'

export interface DiffTools {
  client: Pick<Client, 'patch'>
  catalog: Pick<Catalog, 'find' | 'mergeSchema' | 'applyDefaults' | 'prune' | 'stored'>
  /** Milliseconds since the epoch, for defaults that hold a time. */
  nowMs: number
}

export interface DiffRequest {
  target: Manifest
  live: KubeObject
  resource: Resource
  rules: IgnoreDifference[]
  syncOptions: string[]
}

/** True when the live object is not as the target wants it. */
export async function isModified(request: DiffRequest, tools: DiffTools): Promise<boolean> {
  const { live, syncOptions } = request
  const rules = rulesFor(request.rules, live)
  const serverSide = isOptionOn(request.target, syncOptions, 'ServerSideApply')
  const [bareTarget, bareLive] = await Promise.all([
    withoutIgnored(foldStringData(request.target), rules),
    withoutIgnored(live, rules),
  ])
  const predicted = serverSide
    ? await predictServerSide(request, rules, tools)
    : await predictClientSide(request.resource, bareTarget, bareLive, rules, tools)
  if (predicted === undefined) return true
  const managers = rules.flatMap(({ managedFieldsManagers = [] }) => managedFieldsManagers)
  const [a, b] = dropManaged(
    comparable(predicted),
    comparable(bareLive),
    live.metadata.managedFields,
    managers,
  )
  return !equal(a, b)
}

/** The target as a sync writes it under RespectIgnoreDifferences: ignored fields keep their live values. */
export async function respectIgnored(
  target: Manifest,
  live: KubeObject,
  allRules: IgnoreDifference[],
): Promise<Manifest> {
  const rules = rulesFor(allRules, live)
  if (rules.length === 0) return target
  const { status: _, ...withoutStatus } = live
  const [bareTarget, bareLive] = await Promise.all([
    withoutIgnored(target, rules),
    withoutIgnored(withoutStatus, rules),
  ])
  return restoreRemoved(withoutStatus, bareLive, bareTarget) as Manifest
}

async function predictClientSide(
  resource: Resource,
  target: Manifest,
  live: KubeObject,
  rules: IgnoreDifference[],
  { catalog, nowMs }: DiffTools,
): Promise<KubeObject | undefined> {
  const { group, version, plural } = parseResource(resource)
  const info = catalog.find(group, version, plural)
  if (!info) return undefined
  const applied = lastApplied(live)
  // Without a last apply the target stands for it: what only the live object has is then nobody's loss.
  const original = applied ? await withoutIgnored(foldStringData(applied), rules) : target
  const schema = info.custom ? undefined : catalog.mergeSchema(info)
  const predicted = threeWayMerge(schema, original, target, live) as KubeObject
  // Written in another version of its API, the target still means the same object.
  predicted.apiVersion = live.apiVersion
  const unknown = catalog.prune(info, predicted)
  // The server drops what it does not know: such a target is never reached. Definitions here may be older than an
  // operator's, so that custom resources are not judged by them.
  if (unknown.length > 0 && !info.custom) return undefined
  catalog.applyDefaults(info, predicted, nowMs)
  // Zero values, empty lists and other spellings of a quantity are not kept by the server: they are no difference.
  return await withoutIgnored(catalog.stored(info, predicted), rules)
}

/** A dry run of the apply; undefined when the server refuses it, which is a difference too. */
async function predictServerSide(
  { target, live, resource }: DiffRequest,
  rules: IgnoreDifference[],
  { client }: DiffTools,
): Promise<KubeObject | undefined> {
  try {
    const { namespace, name } = live.metadata
    const predicted = client.patch(resource, namespace, name, clone(target), {
      type: 'apply',
      fieldManager: FIELD_MANAGER,
      force: true,
      dryRun: true,
    })
    return await withoutIgnored(predicted, rules)
  } catch (thrown) {
    if (thrown instanceof ApiError) return undefined
    throw thrown
  }
}

/** The configuration that was applied last, from its annotation. */
export function lastApplied(live: KubeObject): Manifest | undefined {
  const text = live.metadata.annotations?.[LAST_APPLIED]
  if (!text) return undefined
  try {
    return JSON.parse(text) as Manifest
  } catch {
    return undefined
  }
}

/** A Secret's stringData as the server stores it. */
function foldStringData(object: Manifest): Manifest {
  const { stringData, ...rest } = object
  if (object.kind !== 'Secret' || !stringData) return object
  const encoded = Object.entries(stringData as Record<string, unknown>).map(
    ([key, value]) => [key, Buffer.from(String(value)).toString('base64')] as const,
  )
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(encoded) } } as Manifest
}

/** Without what the server keeps for itself, and without empty maps that mean nothing. */
function comparable(object: KubeObject): Record<string, unknown> {
  const { annotations = {}, labels, finalizers, ownerReferences } = object.metadata
  const { [LAST_APPLIED]: _, ...others } = annotations
  const metadata = {
    annotations: others,
    labels: labels ?? {},
    finalizers: finalizers ?? [],
    ownerReferences: ownerReferences ?? [],
  }
  return { ...object, metadata }
}
