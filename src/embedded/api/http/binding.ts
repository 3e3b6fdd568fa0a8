/** pods/binding: puts a pod on a node. */
import { rfc3339 } from '../../../lib/clock.ts'
import { badRequest, conflict, notFound } from '../../errors.ts'
import { isRecord } from '../../store/json.ts'
import { patchObject } from '../registry/patch.ts'
import { readObject } from './body.ts'
import { nameOf, type ResourceExchange } from './exchange.ts'
import { fieldManager } from './options.ts'
import { sendObject } from './respond.ts'

export async function handleBinding(exchange: ResourceExchange): Promise<void> {
  const { context, info, path } = exchange
  const { value } = await readObject(exchange.request)
  const node = isRecord(value) ? value.target?.name : undefined
  if (typeof node !== 'string' || node === '') throw badRequest('target.name: Required value')
  const name = nameOf(exchange)
  const pod = context.store.get('pods', path.namespace, name)
  if (!pod) throw notFound('', 'pods', name)
  if (pod.spec?.nodeName) {
    throw conflict('', 'pods/binding', name, `pod ${name} is already assigned to node "${pod.spec.nodeName}"`)
  }
  const manager = fieldManager(exchange)
  const patch = (body: unknown, subresource?: string) =>
    patchObject(context, info, path.namespace, name, body, {
      type: 'strategic',
      fieldManager: manager,
      ...(subresource ? { subresource } : {}),
    })
  patch({ spec: { nodeName: node } }, 'binding')
  const lastTransitionTime = rfc3339(context.clock.now())
  patch({ status: { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime }] } }, 'status')
  sendObject(exchange, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 })
}
