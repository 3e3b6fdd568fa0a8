/** Streams over a bare SPDY/3.1 connection. */
import { badRequest } from '../../errors.ts'
import { attach } from './attach.ts'
import { exec } from './exec.ts'
import { acceptStreams } from './exec-spdy.ts'
import { forwardSpdy } from './port-forward-spdy.ts'
import type { StreamRequest } from './target.ts'
import { overConnection } from './transport.ts'

const PROTOCOLS = {
  exec: 'v4.channel.k8s.io',
  attach: 'v4.channel.k8s.io',
  portforward: 'portforward.k8s.io',
}

/** Throws ApiError while the request can still be refused. */
export function acceptSpdy({ kind, request, socket, head, target, container }: StreamRequest): Promise<void> {
  const protocol = PROTOCOLS[kind]
  const offered = String(request.headers['x-stream-protocol-version'] ?? '')
    .split(',')
    .map((each) => each.trim())
  if (!offered.includes(protocol)) {
    throw badRequest(`unable to upgrade: only ${protocol} is supported, offered: ${offered.join(', ')}`)
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  )
  const transport = overConnection(socket, head)
  if (kind === 'portforward') return forwardSpdy(transport, target)
  const handle = kind === 'exec' ? exec : attach
  return acceptStreams(transport, target.query).then((channels) => handle(channels, target, container))
}
