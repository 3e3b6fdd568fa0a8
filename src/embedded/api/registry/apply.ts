/** PATCH of type apply: checks of the configuration, then the merge, then the store. */
import { rfc3339 } from '../../../lib/clock.ts'
import { badRequest, conflict } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import { clone, isRecord } from '../../store/json.ts'
import { type Applied, applyConfiguration } from '../apply/apply.ts'
import {
  bucketOf,
  groupVersion,
  hasSubresource,
  inVersion,
  type PatchRequest,
  type RegistryContext,
} from './context.ts'
import { dropStatus, storeNew } from './create.ts'
import { decode } from './decode.ts'
import { invalid } from './invalid.ts'
import { identityOf } from './tracking.ts'
import { storeUpdate, type Updated } from './update.ts'

/** Applies a configuration; creates the object when there is none. */
export function applyObject(
  context: RegistryContext,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  body: unknown,
  request: PatchRequest,
): Updated {
  const config = checkConfig(info, namespace, name, body, request)
  const stored = context.store.get(bucketOf(info), info.namespaced ? namespace : undefined, name)
  if (!stored) return { object: create(context, info, config, request), created: true }

  const old = inVersion(info, stored)
  const { resourceVersion, uid } = config.metadata
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again'
    throw conflict(info.group, info.plural, name, why)
  }
  if (uid && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`
    throw conflict(info.group, info.plural, name, why)
  }
  const { object, managedFields } = merge(context, info, old, config, request)
  decode(context, info, object, request)
  return {
    object: storeUpdate(context, info, old, object, request, () => managedFields),
    created: false,
  }
}

function create(
  context: RegistryContext,
  info: ResourceInfo,
  config: KubeObject,
  request: PatchRequest,
): KubeObject {
  const empty = {
    apiVersion: config.apiVersion,
    kind: config.kind,
    metadata: {},
  } as KubeObject
  const { object, managedFields } = merge(context, info, empty, config, request)
  dropStatus(info, object)
  decode(context, info, object, request)
  return storeNew(context, info, object, request, () => managedFields)
}

function merge(
  context: RegistryContext,
  info: ResourceInfo,
  live: KubeObject,
  config: KubeObject,
  request: PatchRequest,
): Applied {
  const { namespace, name } = config.metadata
  return applyConfiguration(live, config, {
    schema: context.catalog.mergeSchema(info),
    identity: identityOf(info, request, 'Apply'),
    hasStatus: hasSubresource(info, 'status'),
    force: request.force ?? false,
    now: rfc3339(context.clock.now()),
    what: `${namespace ? `${namespace}/` : '/'}${name}; ${groupVersion(info)}, Kind=${info.kind}`,
  })
}

/** The configuration as a copy, completed from the URL; refused where it contradicts it. */
function checkConfig(
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  body: unknown,
  request: PatchRequest,
): KubeObject {
  if (!request.fieldManager) {
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      { type: 'Required', field: 'fieldManager', detail: 'is required for apply patch' },
    ])
  }
  if (!isRecord(body)) throw badRequest('error decoding YAML: an apply patch is an object')
  const config = clone(body) as KubeObject
  const expected = groupVersion(info)
  if (config.apiVersion !== expected) {
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${config.apiVersion ?? ''}, expected: ${expected}`,
    )
  }
  if (config.kind !== info.kind) {
    throw badRequest(
      `the kind in the data (${config.kind ?? ''}) does not match the expected kind (${info.kind})`,
    )
  }
  config.metadata ??= {} as KubeObject['metadata']
  if (config.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil')
  config.metadata.name ??= name
  if (config.metadata.name !== name) {
    throw badRequest(
      `the name of the object (${config.metadata.name}) does not match the name on the URL (${name})`,
    )
  }
  if (info.namespaced && namespace) config.metadata.namespace ??= namespace
  if (info.namespaced && config.metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  return config
}
