/** GET, POST, PUT, PATCH and DELETE of objects. */
import { badRequest, notFound } from '../../errors.ts'
import type { Manifest } from '../../objects.ts'
import { isRecord } from '../../store/json.ts'
import { bucketOf, groupVersion } from '../registry/context.ts'
import { createObject } from '../registry/create.ts'
import { cannotDecode } from '../registry/decode.ts'
import { type Deleted, deleteObject } from '../registry/delete.ts'
import { invalid } from '../registry/invalid.ts'
import { patchObject } from '../registry/patch.ts'
import { getObject, listObjects } from '../registry/read.ts'
import { updateObject } from '../registry/update.ts'
import { readObject } from './body.ts'
import { duplicateFields } from './duplicate-fields.ts'
import { nameOf, type ResourceExchange } from './exchange.ts'
import { selectionOf } from './list.ts'
import { deleteOptions, writeRequest } from './options.ts'
import { readPatch } from './patch-body.ts'
import { sendObject } from './respond.ts'
import { sendList, sendOne } from './transform.ts'

export function handleGet(exchange: ResourceExchange): void {
  const { context, info, path } = exchange
  const object = getObject(context, info, path.namespace, nameOf(exchange))
  if (!object) throw notFound(info.group, info.plural, nameOf(exchange))
  sendOne(exchange, 200, object)
}

export async function handleCreate(exchange: ResourceExchange): Promise<void> {
  const { context, info } = exchange
  const body = await readManifest(exchange)
  sendOne(exchange, 201, createObject(context, info, body, writeRequest(exchange)))
}

export async function handleUpdate(exchange: ResourceExchange): Promise<void> {
  const { context, info, path } = exchange
  const body = await readManifest(exchange)
  body.metadata.name ??= nameOf(exchange)
  if (body.metadata.name !== nameOf(exchange)) {
    throw badRequest(
      `the name of the object (${body.metadata.name}) does not match the name on the URL (${nameOf(exchange)})`,
    )
  }
  // Custom resources have no unconditional update.
  if (info.custom && !body.metadata.resourceVersion) {
    throw invalid(info, nameOf(exchange), [
      {
        type: 'Invalid',
        field: 'metadata.resourceVersion',
        badValue: 0,
        detail: 'must be specified for an update',
      },
    ])
  }
  const { object, created } = updateObject(context, info, body, writeRequest(exchange, path.subresource))
  sendOne(exchange, created ? 201 : 200, object)
}

export async function handlePatch(exchange: ResourceExchange): Promise<void> {
  const { context, info, path } = exchange
  const { patch, request } = await readPatch(exchange)
  const { object, created } = patchObject(context, info, path.namespace, nameOf(exchange), patch, request)
  sendOne(exchange, created ? 201 : 200, object)
}

const JOB_WARNING =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'

export async function handleDelete(exchange: ResourceExchange): Promise<void> {
  const { context, info, path, query } = exchange
  const { value } = await readObject(exchange.request)
  const options = deleteOptions(query, value)
  if (bucketOf(info) === 'jobs.batch' && options.propagationPolicy === undefined) {
    exchange.warnings.add(JOB_WARNING)
  }
  const deleted = deleteObject(context, info, path.namespace, nameOf(exchange), options)
  sendDeleted(exchange, deleted)
}

/** DELETE of a collection: whatever the selectors select; answers the list of it. */
export async function handleDeleteCollection(exchange: ResourceExchange): Promise<void> {
  const { context, info, query } = exchange
  const { value } = await readObject(exchange.request)
  const options = deleteOptions(query, value)
  const objects = listObjects(context, info, selectionOf(exchange))!
  const deleted = objects.map((object) => {
    const { namespace, name } = object.metadata
    return deleteObject(context, info, namespace, name, options).object
  })
  sendList(exchange, deleted, { resourceVersion: String(context.store.revision) })
}

/** The object while it is being deleted, and a Status once it is gone. */
function sendDeleted(exchange: ResourceExchange, { object, gone }: Deleted): void {
  if (!gone) {
    sendOne(exchange, 200, object)
    return
  }
  const { info } = exchange
  const { name, uid } = object.metadata
  sendObject(exchange, 200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(info.group ? { group: info.group } : {}), kind: info.plural, uid },
  })
}

/** The body as an object of the type in the path; 400 when it is not, or says another place. */
async function readManifest(exchange: ResourceExchange): Promise<Manifest> {
  const { info, path, query } = exchange
  const { value, text } = await readObject(exchange.request)
  if (!isRecord(value)) throw badRequest('the request body is empty or not an object')
  const expected = groupVersion(info)
  if (value.apiVersion !== undefined && value.apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${value.apiVersion}) does not match the expected API version (${expected})`,
    )
  }
  if (value.kind !== undefined && value.kind !== info.kind) {
    throw badRequest(
      `${value.kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${info.kind}`,
    )
  }
  if (value.metadata !== undefined && value.metadata !== null && !isRecord(value.metadata)) {
    throw cannotDecode(
      info,
      `json: cannot unmarshal ${jsonType(value.metadata)} into Go struct field ${info.kind}.metadata of type v1.ObjectMeta`,
    )
  }
  reportDuplicates(exchange, text, query.get('fieldValidation') ?? 'Warn')
  const metadata = { ...value.metadata }
  if (info.namespaced && path.namespace !== undefined) {
    metadata.namespace ||= path.namespace
    if (metadata.namespace !== path.namespace) {
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      )
    }
  }
  return { ...value, metadata } as Manifest
}

function reportDuplicates(
  { info, warnings }: ResourceExchange,
  text: string | undefined,
  mode: string,
): void {
  if (text === undefined || mode === 'Ignore') return
  const texts = duplicateFields(text).map((path) => `duplicate field ${JSON.stringify(path)}`)
  if (texts.length === 0) return
  if (mode === 'Strict') throw cannotDecode(info, `strict decoding error: ${texts.join(', ')}`)
  for (const each of texts) warnings.add(each)
}

function jsonType(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
}
