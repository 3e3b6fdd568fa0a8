/** POST: a new object, from the body to the store. */
import { ApiError, alreadyExists, badRequest, notFound } from '../../errors.ts'
import type { KubeObject, Manifest } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import { clone } from '../../store/json.ts'
import { admit } from './admission.ts'
import {
  bucketOf,
  hasSubresource,
  inVersion,
  type RegistryContext,
  toStorage,
  type WriteRequest,
} from './context.ts'
import { checkValid, decode } from './decode.ts'
import { checkType, metadataForCreate } from './metadata.ts'
import { CRD_BUCKET } from './strategies/crd.ts'
import { strategyOf } from './strategies/index.ts'
import { managedByCreator } from './tracking.ts'

/** Creates an object and answers its snapshot; on a dry run, what would have been stored. */
export function createObject(
  context: RegistryContext,
  info: ResourceInfo,
  body: Manifest,
  request: WriteRequest,
): KubeObject {
  const object = clone(body) as KubeObject
  object.metadata ??= {} as KubeObject['metadata']
  checkType(info, object)
  dropStatus(info, object)
  decode(context, info, object, request)
  return storeNew(context, info, object, request, (prepared) =>
    managedByCreator(context, info, prepared, request),
  )
}

/** The part of a creation that server-side apply shares: from a decoded object to the store. */
export function storeNew(
  context: RegistryContext,
  info: ResourceInfo,
  decoded: KubeObject,
  request: WriteRequest,
  managedFields: (object: KubeObject) => KubeObject['metadata']['managedFields'],
): KubeObject {
  const { store, clock } = context
  const bucket = bucketOf(info)
  const strategy = strategyOf(info)
  const namespace = info.namespaced ? decoded.metadata.namespace : undefined
  checkPlace(context, info, namespace, decoded.metadata.name ?? '')
  decoded.metadata = metadataForCreate(
    info,
    decoded.metadata,
    clock.now(),
    (name) => store.get(bucket, namespace, name) !== undefined,
  )
  // Go writes the status of built-in types even when it is empty.
  if (!info.custom && hasSubresource(info, 'status')) decoded.status ??= {}
  strategy.prepareCreate?.(decoded, context)
  checkValid(context, info, decoded, undefined)
  admit(context, info, decoded, undefined, request)
  const object = context.catalog.stored(info, decoded)
  const { name } = object.metadata
  if (store.get(bucket, namespace, name)) throw alreadyExists(info.group, info.plural, name)
  const entries = managedFields(object)
  if (entries?.length) object.metadata.managedFields = entries
  else delete object.metadata.managedFields
  if (request.dryRun) return inVersion(info, object)
  strategy.beforeStore?.(object, undefined, context)
  return inVersion(info, store.put(bucket, toStorage(info, object)))
}

/** A new object begins without a status: /status is the way to write it. */
export function dropStatus(info: ResourceInfo, object: KubeObject): void {
  if (hasSubresource(info, 'status') && !strategyOf(info).keepsStatusOnCreate) delete object.status
}

/** The namespace must be there and not going, and so must the type's definition. */
function checkPlace(
  { store }: RegistryContext,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
): void {
  if (info.custom) {
    const definition = store.get(CRD_BUCKET, undefined, bucketOf(info))
    if (definition?.metadata.deletionTimestamp) {
      throw forbidden(info, name, 'create not allowed while custom resource definition is terminating')
    }
  }
  if (!info.namespaced) return
  if (!namespace) throw badRequest('an empty namespace may not be set during creation')
  const found = store.get('namespaces', undefined, namespace)
  if (!found) throw notFound('', 'namespaces', namespace)
  if (!found.metadata.deletionTimestamp) return
  throw forbidden(
    info,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  )
}

function forbidden(
  info: ResourceInfo,
  name: string,
  why: string,
  cause?: { reason: string; message: string; field: string },
): ApiError {
  return new ApiError(403, 'Forbidden', `${bucketOf(info)} "${name}" is forbidden: ${why}`, {
    name,
    ...(info.group ? { group: info.group } : {}),
    kind: info.plural,
    ...(cause ? { causes: [cause] } : {}),
  })
}
