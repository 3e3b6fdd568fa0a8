/** Streams over WebSocket: the subprotocol is agreed on, then the handler of the stream runs. */
import { type WebSocket, WebSocketServer } from 'ws'
import { badRequest } from '../../errors.ts'
import { attach } from './attach.ts'
import { CHANNEL_PROTOCOLS, openChannels } from './channels.ts'
import { exec } from './exec.ts'
import { forwardChannels, portsOf } from './port-forward.ts'
import { forwardSpdy } from './port-forward-spdy.ts'
import type { StreamRequest } from './target.ts'
import { overWebSocket } from './transport.ts'

const SPDY_TUNNEL = 'SPDY/3.1+portforward.k8s.io'
const FORWARD_PROTOCOLS = [SPDY_TUNNEL, 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io']

/** Throws ApiError while the request can still be refused. */
export function acceptWebSocket(stream: StreamRequest): Promise<void> {
  const { kind, request, socket, head, target } = stream
  const protocols: readonly string[] = kind === 'portforward' ? FORWARD_PROTOCOLS : CHANNEL_PROTOCOLS
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? []
  const chosen = protocols.find((each) => offered.includes(each))
  if (offered.length > 0 && chosen === undefined) {
    throw badRequest(`unable to upgrade: none of the protocols is supported: ${offered.join(', ')}`)
  }
  if (kind === 'portforward' && chosen !== SPDY_TUNNEL) portsOf(target.query)
  // kubectl's tunnel has a slash in its name, which is no token: the library would refuse what is agreed on.
  if (chosen === SPDY_TUNNEL) request.headers['sec-websocket-protocol'] = 'tunnel'
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => chosen ?? false })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.handleUpgrade(request, socket, head, (accepted) => {
    accepted.on('error', () => accepted.terminate())
    resolve(run(accepted, stream))
  })
  return promise
}

function run(socket: WebSocket, { kind, target, container }: StreamRequest): Promise<void> {
  if (kind === 'exec') return exec(openChannels(socket, target.query), target, container)
  if (kind === 'attach') return attach(openChannels(socket, target.query), target, container)
  return socket.protocol === SPDY_TUNNEL
    ? forwardSpdy(overWebSocket(socket), target)
    : forwardChannels(socket, target)
}
