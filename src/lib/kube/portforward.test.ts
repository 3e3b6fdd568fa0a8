import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { KubeClient } from './client.ts'
import { forwardService, portForward } from './portforward.ts'

/** The kubelet's side of v4.channel.k8s.io: the port number first on both channels, then an echo in capitals. */
const paths: string[] = []
let failWith: string | undefined
let http: ReturnType<typeof createServer>
let client: KubeClient

beforeEach(async () => {
  paths.length = 0
  failWith = undefined
  http = createServer()
  const sockets = new WebSocketServer({
    server: http,
    handleProtocols: (offered) => offered.values().next().value ?? false,
  })
  sockets.on('connection', (socket, request) => {
    paths.push(`${request.url} ${socket.protocol}`)
    const port = Buffer.alloc(2)
    port.writeUInt16LE(5672)
    for (const channel of [0, 1]) socket.send(Buffer.concat([Buffer.from([channel]), port]))
    if (failWith) socket.send(Buffer.concat([Buffer.from([1]), Buffer.from(failWith)]))
    socket.on('message', (message: Buffer) => {
      if (message.subarray(1).toString() === 'bye') socket.close()
      else
        socket.send(
          Buffer.concat([Buffer.from([0]), Buffer.from(message.subarray(1).toString().toUpperCase())]),
        )
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const server = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  client = new KubeClient({ server, namespace: 'default', tls: {} })
})
afterEach(() => {
  client.close()
  http.close()
})

test('bytes go through to the pod and back, without the protocol around them', async () => {
  await using forward = await portForward(client, 'ns', async () => ({ pod: 'broker-0', port: 5672 }))
  const socket = connect(forward.port, forward.host)
  const received = text(socket)
  socket.write('hello')
  await once(socket, 'readable')
  socket.write('bye')
  expect(await received).toBe('HELLO')
  expect(paths).toEqual(['/api/v1/namespaces/ns/pods/broker-0/portforward?ports=5672 v4.channel.k8s.io'])
})

test('an error of the pod ends the connection, not the forward', async () => {
  failWith = 'connection refused'
  await using forward = await portForward(client, 'ns', async () => ({ pod: 'broker-0', port: 5672 }))
  const socket = connect(forward.port, forward.host).on('error', () => undefined)
  await once(socket, 'close')
  failWith = undefined
  const again = connect(forward.port, forward.host)
  again.write('x')
  expect(String((await once(again, 'data'))[0])).toBe('X')
  again.destroy()
})

test('each connection to a Service goes to the next of its pods', async () => {
  const ready = (name: string) => ({ targetRef: { kind: 'Pod', name }, conditions: { ready: true } })
  const slices = [{ ports: [{ name: 'http', port: 8000 }], endpoints: [ready('a'), ready('b')] }]
  http.on('request', (request, response) => {
    const list = request.url?.includes('endpointslices')
    response.setHeader('content-type', 'application/json')
    const service = { kind: 'Service', spec: { ports: [{ name: 'http', port: 80 }] } }
    response.end(JSON.stringify(list ? { kind: 'List', metadata: {}, items: slices } : service))
  })
  await using forward = await forwardService(client, 'ns', 'web', 80)
  for (const word of ['one', 'two', 'three']) {
    const socket = connect(forward.port, forward.host)
    socket.write(word)
    expect(String((await once(socket, 'data'))[0])).toBe(word.toUpperCase())
    socket.destroy()
  }
  expect(paths.map((path) => path.split('/')[6])).toEqual(['a', 'b', 'a'])
})
