import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { freePorts } from '../../lib/free-ports.ts'
import { issueCertificates } from '../api/tls/issue.ts'
import type { Route } from './route.ts'
import { type IngressTable, startIngress } from './server.ts'

const HOST = '127.0.0.1'
const backend = createServer((incoming, outgoing) =>
  outgoing.end(JSON.stringify({ url: incoming.url, headers: incoming.headers })),
)
const sockets = new WebSocketServer({ server: backend })
sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`heard ${data}`)))

let ports: { http: number; https: number }
let ingress: AsyncDisposable
let routes: Route[]

beforeEach(async () => {
  if (!backend.listening) {
    backend.listen(0, HOST)
    await once(backend, 'listening')
  }
  const { port } = backend.address() as AddressInfo
  const [http, https] = (await freePorts(2)) as [number, number]
  ports = { http, https }
  const table: IngressTable = {
    get routes() {
      return routes
    },
    certificate: () => undefined,
    address: ({ service }) => (service === 'web' ? { host: HOST, port } : undefined),
  }
  const fallback = await issueCertificates([], Date.now())
  ingress = await startIngress({ host: HOST, ports, fallback, table: () => table })
})
afterEach(async () => {
  await ingress[Symbol.asyncDispose]()
})

const route = (service: string, redirect = false): Route => ({
  host: 'app.test',
  path: '/',
  exact: false,
  backend: { namespace: 'a', service, port: 80 },
  redirect,
})

async function get(host: string, path: string, secure = false) {
  const options = {
    host: HOST,
    port: secure ? ports.https : ports.http,
    path,
    headers: { host },
    rejectUnauthorized: false,
  }
  const asked = (secure ? secureRequest : request)(options).end()
  const [response] = await once(asked, 'response')
  let body = ''
  for await (const chunk of response) body += chunk
  return { status: response.statusCode, headers: response.headers, body }
}

it('passes a request on with who asked and how', async () => {
  routes = [route('web')]
  const { status, body } = await get('app.test:8080', '/x?y=1')
  expect(status).toBe(200)
  expect(JSON.parse(body)).toMatchObject({
    url: '/x?y=1',
    headers: { host: 'app.test:8080', 'x-forwarded-proto': 'http', 'x-forwarded-for': HOST },
  })
})

it('answers over TLS, and sends HTTP there when told so', async () => {
  routes = [route('web', true)]
  expect(await get('app.test', '/x')).toMatchObject({
    status: 308,
    headers: { location: 'https://app.test/x' },
  })
  const { body } = await get('app.test', '/x', true)
  expect(JSON.parse(body).headers['x-forwarded-proto']).toBe('https')
})

it('says what is missing', async () => {
  routes = [route('gone')]
  expect((await get('elsewhere', '/')).status).toBe(404)
  expect(await get('app.test', '/')).toMatchObject({
    status: 503,
    body: 'Service a/gone or its port 80 is not there\n',
  })
})

it('joins WebSockets', async () => {
  routes = [route('web')]
  const socket = new WebSocket(`ws://${HOST}:${ports.http}/stream`, { headers: { host: 'app.test' } })
  await once(socket, 'open')
  socket.send('hello')
  const [data] = await once(socket, 'message')
  expect(String(data)).toBe('heard hello')
  socket.close()
  await once(socket, 'close')
})
