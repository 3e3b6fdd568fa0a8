/** pods/portforward in the channel protocol: two channels per port, data and errors. */
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { messageOf } from '../../../lib/errors.ts'
import { badRequest } from '../../errors.ts'
import { parseFrame, sendOn } from './channels.ts'
import type { StreamTarget } from './target.ts'

/** Ports in the query; 400 when there are none, or one is none. */
export function portsOf(query: URLSearchParams): number[] {
  const ports = query
    .getAll('ports')
    .flatMap((each) => each.split(','))
    .map(Number)
  if (ports.length === 0) throw badRequest('query parameter "ports" is required')
  for (const port of ports) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw badRequest(`unable to parse "${port}" as a port: must be between 1 and 65535`)
    }
  }
  return ports
}

/** Connects every port to the pod; a connection that fails says so on its error channel. */
export async function forwardChannels(socket: WebSocket, target: StreamTarget): Promise<void> {
  const base64 = socket.protocol.includes('base64')
  const ports = portsOf(target.query)
  const connections = ports.map((port, index) => {
    const announced = Buffer.alloc(2)
    announced.writeUInt16LE(port)
    sendOn(socket, 2 * index, announced, base64)
    sendOn(socket, 2 * index + 1, announced, base64)
    return connect(socket, target, port, index, base64)
  })
  socket.on('message', async (message) => {
    const { channel, data } = parseFrame(message as Buffer, base64)
    const connection = await connections[channel / 2]
    if (connection?.writable) connection.write(data)
  })
  socket.on('close', () => {
    for (const connection of connections) void connection.then((each) => each?.destroy())
  })
  await Promise.all(connections)
}

async function connect(
  socket: WebSocket,
  { agent, namespace, pod }: StreamTarget,
  port: number,
  index: number,
  base64: boolean,
): Promise<Duplex | undefined> {
  try {
    const connection = await agent.connect(namespace, pod.metadata.name, port)
    connection.on('data', (chunk: Buffer) => {
      connection.pause()
      sendOn(socket, 2 * index, chunk, base64, () => connection.resume())
    })
    connection.on('error', () => connection.destroy())
    // The protocol cannot close one channel: the last connection's end closes the socket.
    connection.on('close', () => socket.close(1000))
    return connection
  } catch (thrown) {
    const why = `error forwarding port ${port} to pod ${pod.metadata.name}: ${messageOf(thrown)}`
    sendOn(socket, 2 * index + 1, Buffer.from(why), base64)
    return undefined
  }
}
