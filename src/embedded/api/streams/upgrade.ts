/** Upgrade requests: exec, attach and port-forward over WebSocket. */
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { ApiError, badRequest, notFound } from '../../errors.ts'
import type { ResourceExchange } from '../http/exchange.ts'
import { containerOf } from '../http/pod-container.ts'
import { attach } from './attach.ts'
import { CHANNEL_PROTOCOLS } from './channels.ts'
import { exec } from './exec.ts'
import { forwardChannels, portsOf } from './port-forward.ts'
import { forwardSpdy, SPDY_TUNNEL } from './port-forward-spdy.ts'
import type { StreamTarget } from './target.ts'

type Handler = (socket: WebSocket, target: StreamTarget, container: string) => Promise<void>

const HANDLERS: Record<string, { protocols: readonly string[]; handle: Handler }> = {
  exec: { protocols: CHANNEL_PROTOCOLS, handle: exec },
  attach: { protocols: CHANNEL_PROTOCOLS, handle: attach },
  portforward: {
    protocols: [SPDY_TUNNEL, 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io'],
    handle: (socket, target) =>
      socket.protocol === SPDY_TUNNEL ? forwardSpdy(socket, target) : forwardChannels(socket, target),
  },
}

/** Accepts the upgrade and runs the stream to its end. Throws ApiError before anything is accepted. */
export async function upgradeStream(exchange: ResourceExchange, socket: Duplex, head: Buffer): Promise<void> {
  const { path, request, query } = exchange
  const stream = HANDLERS[path.subresource ?? '']
  if (!stream) throw badRequest(`${path.subresource ?? path.plural} cannot be upgraded`)
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
    throw badRequest('only WebSocket upgrades are supported')
  }
  const target = targetOf(exchange)
  const container = path.subresource === 'portforward' ? '' : containerOf(target.pod, query.get('container'))
  if (path.subresource === 'exec' && !query.get('command')) {
    throw badRequest('you must specify at least 1 command for the container')
  }
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? []
  const chosen = stream.protocols.find((each) => offered.includes(each))
  if (offered.length > 0 && chosen === undefined) {
    throw badRequest(`unable to upgrade: none of the protocols is supported: ${offered.join(', ')}`)
  }
  if (path.subresource === 'portforward' && chosen !== SPDY_TUNNEL) portsOf(query)
  // kubectl's tunnel has a slash in its name, which is no token: the library would refuse what is agreed on.
  if (chosen === SPDY_TUNNEL) request.headers['sec-websocket-protocol'] = 'tunnel'
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => chosen ?? false })
  server.handleUpgrade(request, socket, head, (accepted) => {
    accepted.on('error', () => accepted.terminate())
    stream.handle(accepted, target, container).catch((thrown: unknown) => {
      exchange.context.log.warn(`${path.subresource} of ${path.name} ended: ${String(thrown)}`)
      accepted.close(1011)
    })
  })
}

function targetOf({ context, path, query }: ResourceExchange): StreamTarget {
  const pod = context.store.get('pods', path.namespace, path.name!)
  if (!pod) throw notFound('', 'pods', path.name!)
  const agent = context.agent()
  if (!agent) throw new ApiError(503, 'ServiceUnavailable', 'the node is not running')
  return { agent, namespace: path.namespace!, pod, query }
}
