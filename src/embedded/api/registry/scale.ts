/** /scale: the replicas of any type that has it, as autoscaling/v1 Scale. */
import { ApiError, badRequest, notFound } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo, ScalePaths } from '../../schema/types.ts'
import { formatLabelSelector } from '../../selectors.ts'
import { clone } from '../../store/json.ts'
import { jsonPatch } from '../patch/json-patch.ts'
import { mergePatch } from '../patch/merge-patch.ts'
import { bucketOf, inVersion, type PatchRequest, type RegistryContext, type WriteRequest } from './context.ts'
import { getPath, setPath } from './paths.ts'
import { replaceObject } from './update.ts'

/** The Scale of an object; 404 when the type has none. */
export function readScale(
  context: RegistryContext,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
): KubeObject {
  return toScale(info, find(context, info, namespace, name))
}

/** Writes `spec.replicas` of a Scale to its parent; answers the new Scale. */
export function writeScale(
  context: RegistryContext,
  info: ResourceInfo,
  namespace: string | undefined,
  scale: KubeObject,
  request: WriteRequest,
): KubeObject {
  const paths = scalePaths(info)
  const replicas: unknown = scale.spec?.replicas ?? 0
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) {
    throw badRequest('spec.replicas: must be greater than or equal to 0')
  }
  const stored = find(context, info, namespace, scale.metadata.name)
  const next = clone(inVersion(info, stored))
  setPath(next, paths.specReplicasPath, replicas)
  // An absent resourceVersion in the Scale means that none is expected of the parent.
  next.metadata.resourceVersion = scale.metadata.resourceVersion ?? ''
  if (scale.metadata.uid) next.metadata.uid = scale.metadata.uid
  const written = replaceObject(context, info, stored, next, { ...request, subresource: 'scale' })
  return toScale(info, written)
}

function find(
  { store }: RegistryContext,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
): KubeObject {
  scalePaths(info)
  const stored = store.get(bucketOf(info), info.namespaced ? namespace : undefined, name)
  if (!stored) throw notFound(info.group, info.plural, name)
  return stored
}

function scalePaths(info: ResourceInfo): ScalePaths {
  if (info.scale) return info.scale
  throw new ApiError(404, 'NotFound', 'the server could not find the requested resource')
}

function toScale(info: ResourceInfo, object: KubeObject): KubeObject {
  const paths = scalePaths(info)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = getPath(object, paths.specReplicasPath)
  if (replicas === undefined && info.custom) {
    throw new ApiError(
      500,
      'InternalError',
      `Internal error occurred: the spec replicas field ${JSON.stringify(paths.specReplicasPath)} does not exist`,
    )
  }
  const selector = selectorOf(paths, object)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace ? { namespace } : {}), uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: {
      replicas: getPath(object, paths.statusReplicasPath) ?? 0,
      ...(selector ? { selector } : {}),
    },
  }
}

function selectorOf({ labelSelectorPath }: ScalePaths, object: KubeObject): string {
  const selector = getPath(object, labelSelectorPath ?? 'spec.selector')
  if (typeof selector === 'string') return selector
  if (typeof selector !== 'object' || selector === null) return ''
  return formatLabelSelector(selector)
}

/** Patches the Scale as if it were an object; any patch type but apply and strategic. */
export function patchScale(
  context: RegistryContext,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  patch: unknown,
  request: PatchRequest,
): KubeObject {
  const current = readScale(context, info, namespace, name)
  // Unconditional unless the patch itself names a resourceVersion.
  const { resourceVersion: _, ...metadata } = current.metadata
  const base = { ...current, metadata }
  const patched = request.type === 'json' ? jsonPatch(base, patch) : mergePatch(base, patch)
  return writeScale(context, info, namespace, patched as KubeObject, request)
}
