/** PUT, and the last part of every patch: from an old and a new state to the store. */
import { ApiError, conflict, notFound } from '../../errors.ts'
import type { KubeObject, ManagedFieldsEntry, Manifest } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import { clone, equal } from '../../store/json.ts'
import { admit } from './admission.ts'
import {
  bucketOf,
  hasSubresource,
  inVersion,
  type RegistryContext,
  toStorage,
  type WriteRequest,
} from './context.ts'
import { createObject } from './create.ts'
import { checkValid, type DecodeSource, decode } from './decode.ts'
import { bumpGeneration, checkType, metadataForUpdate } from './metadata.ts'
import { finishRemoval, isFinished } from './removal.ts'
import { strategyOf } from './strategies/index.ts'
import { managedAfterUpdate } from './tracking.ts'

const STALE = 'the object has been modified; please apply your changes to the latest version and try again'

export interface Updated {
  object: KubeObject
  /** True when a PUT made the object. */
  created: boolean
}

/** Replaces an object; creates it for the few types that allow that. */
export function updateObject(
  context: RegistryContext,
  info: ResourceInfo,
  body: Manifest,
  request: WriteRequest,
): Updated {
  const object = clone(body) as KubeObject
  checkType(info, object)
  const { namespace, name } = object.metadata
  const old = context.store.get(bucketOf(info), info.namespaced ? namespace : undefined, name)
  if (!old) {
    if (!request.subresource && strategyOf(info).createOnUpdate) {
      return { object: createObject(context, info, object, request), created: true }
    }
    throw notFound(info.group, info.plural, name)
  }
  return { object: replaceObject(context, info, old, object, request), created: false }
}

/** From `old` to `object` (a copy of the caller's, used up here), which is a whole object of the type. */
export function replaceObject(
  context: RegistryContext,
  info: ResourceInfo,
  stored: KubeObject,
  object: KubeObject,
  request: WriteRequest,
  source: DecodeSource = {},
): KubeObject {
  const old = inVersion(info, stored)
  checkRevision(info, old, object)
  if (request.subresource === 'finalize') keepNoFinalizers(object)
  decode(context, info, object, request, source)
  const given = object.metadata.managedFields
  return storeUpdate(context, info, old, object, request, (prepared) =>
    managedAfterUpdate(context, info, old, prepared, given, request),
  )
}

/** The part of an update that server-side apply shares: from a decoded object to the store. */
export function storeUpdate(
  context: RegistryContext,
  info: ResourceInfo,
  old: KubeObject,
  object: KubeObject,
  request: WriteRequest,
  managedFields: (object: KubeObject) => ManagedFieldsEntry[],
): KubeObject {
  const strategy = strategyOf(info)
  const written = splitWrite(info, old, object, request.subresource)
  if (!request.subresource) strategy.prepareUpdate?.(written, old, context)
  const next = context.catalog.stored(info, written)
  if (request.subresource !== 'status') bumpGeneration(info, old, next)
  delete next.metadata.managedFields
  const entries = managedFields(next)
  if (entries.length > 0) next.metadata.managedFields = entries
  if (isUnchanged(old, next)) return old
  checkValid(context, info, next, allowedBy(request.subresource, old, next))
  admit(context, info, next, old, request)
  if (request.dryRun) return inVersion(info, next)
  strategy.beforeStore?.(next, old, context)
  if (isFinished(old, next)) return finishRemoval(context, info, next)
  return inVersion(info, context.store.put(bucketOf(info), toStorage(info, next)))
}

/** Subresources that may change what is immutable elsewhere: a pod's node, its resources, its ephemeral containers. */
const SPEC_SUBRESOURCES = new Set(['binding', 'resize', 'ephemeralcontainers'])

/** The object that validation compares with: where the subresource permits the change, one that has it already. */
function allowedBy(subresource: string | undefined, old: KubeObject, next: KubeObject): KubeObject {
  return subresource && SPEC_SUBRESOURCES.has(subresource) ? { ...old, spec: next.spec } : old
}

/** In /finalize an absent list is an empty one: it must not be taken for one to be defaulted. */
function keepNoFinalizers(object: KubeObject): void {
  object.spec = { ...object.spec, finalizers: object.spec?.finalizers ?? [] }
}

function checkRevision(info: ResourceInfo, old: KubeObject, object: KubeObject): void {
  const given = object.metadata.resourceVersion
  if (given && given !== old.metadata.resourceVersion) {
    throw conflict(info.group, info.plural, old.metadata.name, STALE)
  }
}

/** The half of an object that a write reaches: /status only the status, the main resource all but that. */
function splitWrite(
  info: ResourceInfo,
  old: KubeObject,
  object: KubeObject,
  subresource: string | undefined,
): KubeObject {
  switch (subresource) {
    case undefined:
    case '': {
      const next = { ...object, metadata: metadataForUpdate(info, old, object.metadata) }
      if (!hasSubresource(info, 'status')) return next
      if (old.status === undefined) delete next.status
      else next.status = old.status
      return next
    }
    case 'status':
      return withAnnotations(info, object, withMetadata(info, old, object, { ...old, status: object.status }))
    case 'finalize':
      return withMetadata(info, old, object, {
        ...old,
        spec: withFinalizers(old.spec, object.spec.finalizers),
      })
    case 'scale':
    case 'binding':
    case 'resize':
    case 'ephemeralcontainers':
      return withMetadata(info, old, object, { ...old, spec: object.spec })
    default:
      throw new ApiError(
        405,
        'MethodNotAllowed',
        `update is not supported on subresource "${subresource}" of ${bucketOf(info)}`,
      )
  }
}

function withFinalizers(spec: any, finalizers: string[]): any {
  const { finalizers: _, ...rest } = spec ?? {}
  return finalizers.length > 0 ? { ...rest, finalizers } : rest
}

/** A subresource write keeps all metadata; the uid still serves as a precondition. */
function withMetadata(info: ResourceInfo, old: KubeObject, object: KubeObject, next: KubeObject): KubeObject {
  const { uid } = object.metadata
  const metadata = metadataForUpdate(info, old, uid ? { ...old.metadata, uid } : old.metadata)
  return { ...next, metadata }
}

/** The Deployment controller notes its revision through /status, where that raises no generation. */
function withAnnotations(info: ResourceInfo, { metadata }: KubeObject, next: KubeObject): KubeObject {
  if (!strategyOf(info).annotatedByStatus) return next
  const { annotations: _kept, ...rest } = next.metadata
  const given = metadata.annotations
  return { ...next, metadata: { ...rest, ...(given ? { annotations: given } : {}) } }
}

/** True when nothing but the times in managedFields differs: such a write is none. */
function isUnchanged(old: KubeObject, next: KubeObject): boolean {
  const bare = (object: KubeObject) => ({
    ...object,
    metadata: {
      ...object.metadata,
      managedFields: object.metadata.managedFields?.map((entry) => ({ ...entry, time: '' })),
    },
  })
  return equal(bare(old), bare(next))
}
