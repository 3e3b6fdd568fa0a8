/** Upgrade requests: exec, attach and port-forward over WebSocket, or over SPDY as older kubectls ask. */
import type { Duplex } from 'node:stream'
import { messageOf } from '../../../lib/errors.ts'
import { ApiError, badRequest, notFound } from '../../errors.ts'
import type { ResourceExchange } from '../http/exchange.ts'
import { containerOf } from '../http/pod-container.ts'
import { acceptSpdy } from './accept-spdy.ts'
import { acceptWebSocket } from './accept-websocket.ts'
import type { StreamKind, StreamTarget } from './target.ts'

const STREAMS: StreamKind[] = ['exec', 'attach', 'portforward']

/** Accepts the upgrade and runs the stream to its end. Throws ApiError before anything is accepted. */
export function upgradeStream(exchange: ResourceExchange, socket: Duplex, head: Buffer): void {
  const { path, request, query, context } = exchange
  const kind = STREAMS.find((each) => each === path.subresource)
  if (!kind) throw badRequest(`${path.subresource ?? path.plural} cannot be upgraded`)
  const target = targetOf(exchange)
  const container = kind === 'portforward' ? '' : containerOf(target.pod, query.get('container'))
  if (kind === 'exec' && !query.get('command')) {
    throw badRequest('you must specify at least 1 command for the container')
  }
  const protocol = request.headers.upgrade?.toLowerCase()
  const accept = protocol === 'websocket' ? acceptWebSocket : protocol === 'spdy/3.1' ? acceptSpdy : undefined
  if (!accept) throw badRequest(`unable to upgrade to ${request.headers.upgrade}`)
  accept({ kind, request, socket, head, target, container }).catch((thrown: unknown) => {
    context.log.warn(`${kind} of ${path.name} ended: ${messageOf(thrown)}`)
    socket.destroy()
  })
}

function targetOf({ context, path, query }: ResourceExchange): StreamTarget {
  const pod = context.store.get('pods', path.namespace, path.name!)
  if (!pod) throw notFound('', 'pods', path.name!)
  const agent = context.agent()
  if (!agent) throw new ApiError(503, 'ServiceUnavailable', 'the node is not running')
  return { agent, namespace: path.namespace!, pod, query }
}
