/** The metadata that only the server sets. */
import { randomUUID } from 'node:crypto'
import { rfc3339 } from '../../../lib/clock.ts'
import { ApiError, badRequest, conflict } from '../../errors.ts'
import type { KubeObject, Manifest, ObjectMeta } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import { equal } from '../../store/json.ts'
import { groupVersion, hasSubresource } from './context.ts'
import { generateName } from './names.ts'

/** 400 unless the body is of this type; fills apiVersion and kind where the body leaves them out. */
export function checkType(info: ResourceInfo, object: Manifest): void {
  const expected = groupVersion(info)
  object.apiVersion ??= expected
  object.kind ??= info.kind
  if (object.apiVersion !== expected || object.kind !== info.kind) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}, Kind=${object.kind}) does not match the expected API version (${expected}, Kind=${info.kind})`,
    )
  }
}

/** Metadata of a new object: uid, creationTimestamp, name; what only the server may set is dropped. */
export function metadataForCreate(
  info: ResourceInfo,
  given: Partial<ObjectMeta>,
  nowMs: number,
  taken: (name: string) => boolean,
): ObjectMeta {
  if (given.resourceVersion) {
    throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created')
  }
  const { deletionTimestamp: _, deletionGracePeriodSeconds: __, ...rest } = given
  const name = given.name || (given.generateName ? generateName(info, given.generateName, taken) : '')
  const metadata: ObjectMeta = {
    ...rest,
    name,
    uid: randomUUID(),
    resourceVersion: '',
    creationTimestamp: rfc3339(nowMs),
  }
  dropEmpty(metadata)
  if (info.tracksGeneration) metadata.generation = 1
  else delete metadata.generation
  if (!info.namespaced) delete metadata.namespace
  return metadata
}

/** Metadata after a main-resource update: the client's, with the server's fields as they were stored. */
export function metadataForUpdate(info: ResourceInfo, old: KubeObject, given: ObjectMeta): ObjectMeta {
  const stored = old.metadata
  if (given.uid && given.uid !== stored.uid) {
    throw conflict(
      info.group,
      info.plural,
      stored.name,
      `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${stored.uid}`,
    )
  }
  const metadata: ObjectMeta = {
    ...given,
    name: stored.name,
    uid: stored.uid,
    resourceVersion: stored.resourceVersion,
    creationTimestamp: stored.creationTimestamp,
  }
  dropEmpty(metadata)
  if (stored.namespace !== undefined) metadata.namespace = stored.namespace
  for (const field of ['generation', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    if (stored[field] === undefined) delete metadata[field]
    else Object.assign(metadata, { [field]: stored[field] })
  }
  return metadata
}

/** Raises generation when the desired state changed. */
export function bumpGeneration(info: ResourceInfo, old: KubeObject, object: KubeObject): void {
  if (!info.tracksGeneration) return
  if (desiredStateChanged(info, old, object)) object.metadata.generation = (old.metadata.generation ?? 0) + 1
}

function desiredStateChanged(info: ResourceInfo, old: KubeObject, object: KubeObject): boolean {
  const ignored = new Set(['metadata', 'apiVersion', 'kind'])
  if (!info.custom || hasSubresource(info, 'status')) ignored.add('status')
  for (const field of new Set([...Object.keys(old), ...Object.keys(object)])) {
    if (!ignored.has(field) && !equal(old[field], object[field])) return true
  }
  if (info.custom) return false
  if (info.plural === 'deployments') return !equal(old.metadata.annotations, object.metadata.annotations)
  if (info.plural === 'endpointslices') return !equal(old.metadata.labels, object.metadata.labels)
  return false
}

/** Go's omitempty: empty maps and lists of metadata are not written, nor is the long gone selfLink. */
function dropEmpty(metadata: ObjectMeta): void {
  const fields = metadata as unknown as Record<string, unknown>
  delete fields.selfLink
  for (const [field, value] of Object.entries(fields)) {
    if (value === null || value === undefined) delete fields[field]
    else if (typeof value === 'object' && Object.keys(value).length === 0) delete fields[field]
    else if (value === '' && field === 'generateName') delete fields[field]
  }
}
