import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { expect, it } from 'vitest'
import { untilReachable } from './reachable.ts'

/** A port that closes its first connections, as an engine's does before anybody is behind it. */
async function opensLater(
  closing: number,
  answer: string,
): Promise<{ server: Server; port: number; tried(): number }> {
  let tried = 0
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    if (tried++ < closing) socket.destroy()
    else socket.once('data', () => socket.end(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port, tried: () => tried }
}

it.each([
  ['amqp', '\x01\0\0start'],
  ['http', 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'],
])('%s: waits until somebody is behind the port', async (scheme, answer) => {
  const { server, port, tried } = await opensLater(2, answer)
  try {
    await untilReachable(`${scheme}://127.0.0.1:${port}`, new AbortController().signal)
    expect(tried()).toBe(3)
  } finally {
    server.close()
  }
})
