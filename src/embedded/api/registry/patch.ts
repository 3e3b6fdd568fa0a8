/** PATCH: JSON, merge and strategic patches of a stored object, and server-side apply. */
import { ApiError, badRequest, conflict, notFound } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import { clone, isRecord } from '../../store/json.ts'
import { jsonPatch } from '../patch/json-patch.ts'
import { mergePatch } from '../patch/merge-patch.ts'
import { strategicMergePatch } from '../patch/strategic.ts'
import { applyObject } from './apply.ts'
import { bucketOf, inVersion, type PatchRequest, type PatchType, type RegistryContext } from './context.ts'
import { invalid } from './invalid.ts'
import { replaceObject, type Updated } from './update.ts'

/** Patches an object; only an apply creates what does not exist. */
export function patchObject(
  context: RegistryContext,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  patch: unknown,
  request: PatchRequest,
): Updated {
  if (request.type === 'apply') return applyObject(context, info, namespace, name, patch, request)
  checkOptions(request)
  const stored = context.store.get(bucketOf(info), info.namespaced ? namespace : undefined, name)
  if (!stored) throw notFound(info.group, info.plural, name)
  const old = inVersion(info, stored)
  const patched = applyPatch(context, info, old, patch, request.type)
  checkIdentity(info, old, patched)
  return {
    object: replaceObject(context, info, stored, patched, request, { patched: true }),
    created: false,
  }
}

/** The object with the patch over it: a copy that nobody else holds. */
function applyPatch(
  context: RegistryContext,
  info: ResourceInfo,
  old: KubeObject,
  patch: unknown,
  type: Exclude<PatchType, 'apply'>,
): KubeObject {
  const patched = patchValue(context, info, old, patch, type)
  if (!isRecord(patched) || !isRecord(patched.metadata)) {
    throw badRequest('the patch leaves no object behind')
  }
  return clone(patched) as KubeObject
}

function patchValue(
  context: RegistryContext,
  info: ResourceInfo,
  old: KubeObject,
  patch: unknown,
  type: Exclude<PatchType, 'apply'>,
): unknown {
  if (type === 'json') return jsonPatch(old, patch)
  if (!isRecord(patch)) throw badRequest('error decoding patch: a patch of this type is an object')
  if (type === 'merge') return mergePatch(old, patch)
  if (info.custom) throw unsupportedForCustom()
  return strategicMergePatch(context.catalog.mergeSchema(info), old, patch)
}

/** Custom resources have no strategic merge patch: their types carry no merge keys. */
function unsupportedForCustom(): ApiError {
  return new ApiError(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  )
}

function checkOptions(request: PatchRequest): void {
  if (request.force === undefined) return
  throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
    { type: 'Forbidden', field: 'force', detail: 'may not be specified for non-apply patch' },
  ])
}

/** A patch cannot make an object another one. */
function checkIdentity(info: ResourceInfo, old: KubeObject, patched: KubeObject): void {
  const { name, namespace, uid } = patched.metadata
  if (uid !== undefined && uid !== old.metadata.uid) {
    throw conflict(
      info.group,
      info.plural,
      old.metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    )
  }
  if (name !== old.metadata.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${old.metadata.name})`,
    )
  }
  if (namespace !== old.metadata.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
}
