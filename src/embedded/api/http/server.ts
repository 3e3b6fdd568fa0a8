/** The HTTPS server: authentication, common headers, errors; one place where a request can go wrong. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { messageOf } from '../../../lib/errors.ts'
import { ApiError } from '../../errors.ts'
import { type Authenticator, authenticate } from './authenticate.ts'
import type { ApiContext } from './context.ts'
import { dispatch, resourceExchange } from './dispatch.ts'
import type { Exchange } from './exchange.ts'
import { parsePath } from './path.ts'
import { sendError } from './respond.ts'

interface ServerCertificates {
  /** PEM of the CA that signs server and clients. */
  ca: string
  cert: string
  key: string
  /** Bearer token of the administrator. */
  adminToken: string
}

export interface ListenOptions {
  host?: string
  /** 0: any free port. */
  port?: number
  certificates: ServerCertificates
}

export interface Listening extends AsyncDisposable {
  port: number
  /** Ends all connections, open watches too. */
  close(): Promise<void>
}

const FLOW_SCHEMA_UID = randomUUID()
const PRIORITY_LEVEL_UID = randomUUID()
// Longer than Go's idle timeout (90 s), so that the client is the one that closes.
const KEEP_ALIVE_MS = 180_000

/** Serves the API on loopback. */
export async function listen(context: ApiContext, options: ListenOptions): Promise<Listening> {
  const { certificates, host = '127.0.0.1', port = 0 } = options
  const authenticator: Authenticator = {
    tokens: context.tokens,
    adminToken: certificates.adminToken,
    nowMs: () => context.clock.now(),
  }
  const server = createServer({
    ca: certificates.ca,
    cert: certificates.cert,
    key: certificates.key,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    keepAliveTimeout: KEEP_ALIVE_MS,
  })
  // Watches and logs run for as long as they like.
  server.requestTimeout = 0
  server.on('request', (request, response) => void serve(context, authenticator, request, response))
  server.on('upgrade', (request, socket, head) => {
    void upgrade(context, authenticator, request, socket, head)
  })
  // Broken handshakes and half requests are the client's affair.
  server.on('tlsClientError', (_, socket) => socket.destroy())
  server.on('clientError', (_, socket) => socket.destroy())
  const sockets = trackSockets(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { port: (server.address() as AddressInfo).port, close, [Symbol.asyncDispose]: close }
}

async function serve(
  context: ApiContext,
  authenticator: Authenticator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.on('error', () => undefined)
  setCommonHeaders(response)
  const exchange = begin(context, request, response)
  if (!exchange) {
    response.writeHead(400).end()
    return
  }
  try {
    exchange.user = authenticate(request, exchange.url.pathname, authenticator)
    await dispatch(exchange)
  } catch (thrown) {
    fail(exchange, thrown)
  }
}

function fail(exchange: Exchange, thrown: unknown): void {
  try {
    sendError(exchange, thrown)
  } catch (worse) {
    exchange.context.log.error(`cannot answer ${exchange.url.pathname}: ${messageOf(worse)}`)
    exchange.response.destroy()
  }
}

/** The exchange of a request; undefined when its target is no path. */
function begin(
  context: ApiContext,
  request: IncomingMessage,
  response: ServerResponse,
): Exchange | undefined {
  try {
    const url = new URL(request.url ?? '/', 'https://localhost')
    parsePath(url.pathname)
    const user = { name: '', groups: [] }
    return { context, request, response, url, query: url.searchParams, user, warnings: new Set() }
  } catch {
    // Neither a URL nor properly percent-encoded.
    return undefined
  }
}

async function upgrade(
  context: ApiContext,
  authenticator: Authenticator,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  socket.on('error', () => socket.destroy())
  try {
    const { upgradeStream } = await import('../streams/upgrade.ts')
    const url = new URL(request.url ?? '/', 'https://localhost')
    const user = authenticate(request, url.pathname, authenticator)
    // Streams answer through their socket; the response is only there to complete the exchange.
    const response = undefined as unknown as ServerResponse
    const warnings = new Set<string>()
    const exchange = { context, request, response, url, query: url.searchParams, user, warnings }
    const resource = resourceExchange(exchange)
    if (!resource) throw new ApiError(404, 'NotFound', '404 page not found')
    upgradeStream(resource, socket, head)
  } catch (thrown) {
    refuseUpgrade(context, socket, thrown)
  }
}

function refuseUpgrade(context: ApiContext, socket: Duplex, thrown: unknown): void {
  const error = thrown instanceof ApiError ? thrown : new ApiError(500, 'InternalError', messageOf(thrown))
  if (!(thrown instanceof ApiError)) context.log.error(`upgrade failed: ${messageOf(thrown)}`)
  const body = JSON.stringify(error.toStatus())
  socket.end(
    `HTTP/1.1 ${error.code} ${error.reason || 'Error'}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function setCommonHeaders(response: ServerResponse): void {
  response.setHeader('Audit-Id', randomUUID())
  response.setHeader('Cache-Control', 'no-cache, private')
  response.setHeader('X-Kubernetes-Pf-Flowschema-Uid', FLOW_SCHEMA_UID)
  response.setHeader('X-Kubernetes-Pf-Prioritylevel-Uid', PRIORITY_LEVEL_UID)
}

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return sockets
}
