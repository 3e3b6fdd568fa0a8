/** Reaches a pod's port from here through the API server, for clusters whose addresses are not this host's. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { DevenvError } from '../errors.ts'
import type { KubeClient } from './client.ts'
import { resourcePath } from './object.ts'
import { podsBehind } from './service-pods.ts'

export interface Forward extends AsyncDisposable {
  host: string
  /** The local port. */
  port: number
}

export interface ForwardOptions {
  /** 0: the system chooses. One that is taken rejects with Node's EADDRINUSE. */
  localPort?: number
  /** Told why a connection could not be carried; the others go on. */
  onError?: (thrown: unknown) => void
}

// Each forwarded port has two channels, whose first message carries the port's number (two bytes).
const DATA = 0
const ERROR = 1
const PORT_PREFIX_BYTES = 2

/**
 * Listens on 127.0.0.1 and carries each connection to `port` of the pod that `pod()` names at that moment,
 * so a pod that was replaced is found again. Protocol: `v4.channel.k8s.io` over WebSocket, one per connection.
 */
export async function portForward(
  client: KubeClient,
  namespace: string,
  target: () => Promise<{ pod: string; port: number }>,
  { localPort = 0, onError }: ForwardOptions = {},
): Promise<Forward> {
  const { WebSocket: Channel } = await import('ws')
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    carry(socket).catch((thrown) => {
      onError?.(thrown)
      socket.destroy()
    })
  })

  async function carry(socket: Socket): Promise<void> {
    const { pod, port } = await target()
    const { config } = client.transport
    const path = resourcePath('v1/pods', { namespace, name: pod, subresource: 'portforward' })
    const authorization = await client.transport.authorization()
    const channel = new Channel(
      `${config.server.replace(/^http/, 'ws')}${path}?ports=${port}`,
      'v4.channel.k8s.io',
      {
        ...config.tls,
        headers: authorization ? { authorization } : {},
      },
    )
    join(socket, channel)
  }

  server.listen(localPort, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, 'close')
    },
  }
}

/**
 * Forwards to a Service's port by way of its pods, each connection to the next one. `port` is the Service port's number
 * or name. As kube-proxy does: while no pod is ready, those that are ending but still serve take new connections.
 */
export async function forwardService(
  client: KubeClient,
  namespace: string,
  service: string,
  port: number | string,
  options: ForwardOptions = {},
): Promise<Forward> {
  let turn = 0
  const target = async () => {
    const labelSelector = `kubernetes.io/service-name=${service}`
    const slices = await client.list('discovery.k8s.io/v1/endpointslices', { namespace, labelSelector })
    const definition = await client.get('v1/services', service, { namespace })
    const servicePort = definition.spec.ports?.find((p: any) => p.port === port || p.name === port)
    const able = podsBehind(slices.items, servicePort?.name ?? '')
    const chosen = able[turn++ % able.length]
    if (chosen) return chosen
    throw new DevenvError(
      'STEP_FAILED',
      `service ${namespace}/${service} has no ready pod behind port ${port}`,
    )
  }
  return portForward(client, namespace, target, options)
}

function join(socket: Socket, channel: WebSocket): void {
  const skipped = [0, 0]
  socket.pause()
  channel.on('open', () => socket.resume())
  socket.on('data', (bytes) => {
    socket.pause()
    channel.send(Buffer.concat([Buffer.from([DATA]), bytes]), () => socket.resume())
  })
  socket.on('close', () => channel.close())
  channel.on('message', (message: Buffer) => {
    const number = message[0] ?? DATA
    let bytes = message.subarray(1)
    const prefix = Math.min(PORT_PREFIX_BYTES - (skipped[number] ?? 0), bytes.length)
    skipped[number] = (skipped[number] ?? 0) + prefix
    bytes = bytes.subarray(prefix)
    if (bytes.length === 0) return
    if (number === ERROR) socket.destroy(new Error(bytes.toString()))
    else if (!socket.write(bytes)) {
      channel.pause()
      socket.once('drain', () => channel.resume())
    }
  })
  channel.on('close', () => socket.end())
  channel.on('error', (thrown) => socket.destroy(thrown))
}
