/** /scale over HTTP. */
import { badRequest } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import { isRecord } from '../../store/json.ts'
import { patchScale, readScale, writeScale } from '../registry/scale.ts'
import { readObject } from './body.ts'
import { nameOf, type ResourceExchange } from './exchange.ts'
import { writeRequest } from './options.ts'
import { readPatch } from './patch-body.ts'
import { sendObject } from './respond.ts'

export function handleGetScale(exchange: ResourceExchange): void {
  const { context, info, path } = exchange
  sendObject(exchange, 200, readScale(context, info, path.namespace, nameOf(exchange)))
}

export async function handleUpdateScale(exchange: ResourceExchange): Promise<void> {
  const { context, info, path } = exchange
  const { value } = await readObject(exchange.request)
  if (!isRecord(value)) throw badRequest('the request body is empty or not an object')
  const scale = { ...value, metadata: { ...value.metadata, name: nameOf(exchange) } } as KubeObject
  sendObject(exchange, 200, writeScale(context, info, path.namespace, scale, writeRequest(exchange)))
}

export async function handlePatchScale(exchange: ResourceExchange): Promise<void> {
  const { context, info, path } = exchange
  const { patch, request } = await readPatch(exchange)
  sendObject(exchange, 200, patchScale(context, info, path.namespace, nameOf(exchange), patch, request))
}
