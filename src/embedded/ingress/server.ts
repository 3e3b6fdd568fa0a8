/** The ingress proxy: plain HTTP and TLS on one address, requests and WebSockets passed on to Services. */
import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext } from 'node:tls'
import { matchRoute, type Route, rewritten } from './route.ts'

export interface IngressTable {
  routes: Route[]
  /** TLS certificate of a host, PEM; undefined: the proxy's own. */
  certificate(host: string): { cert: string; key: string } | undefined
  /** Where a Service's port is reached; undefined when there is no such Service or port. */
  address(backend: Route['backend']): { host: string; port: number } | undefined
}

export interface IngressServerOptions {
  host: string
  ports: { http: number; https: number }
  /** Shown to clients of hosts without a certificate of their own. */
  fallback: { cert: string; key: string }
  table(): IngressTable
}

/** Listens until disposed. Rejects with Node's error when an address cannot be had. */
export async function startIngress(options: IngressServerOptions): Promise<AsyncDisposable> {
  const { host, ports, fallback, table } = options
  const context = (name: string): SecureContext => {
    const own = table().certificate(name)
    return createSecureContext(own ?? fallback)
  }
  const secure = createSecureServer({
    ...fallback,
    SNICallback: (name, answer) => answer(null, context(name)),
  })
  const servers: Server[] = [createServer(), secure as unknown as Server]
  for (const [index, server] of servers.entries()) {
    const scheme = index === 0 ? 'http' : 'https'
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) =>
      pass(table(), scheme, incoming, outgoing),
    )
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) =>
      upgrade(table(), scheme, incoming, socket, head),
    )
    server.unref()
  }
  const close = async () => {
    for (const server of servers) server.closeAllConnections()
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  }
  try {
    for (const [server, port] of [
      [servers[0]!, ports.http],
      [servers[1]!, ports.https],
    ] as const) {
      server.listen({ host, port, exclusive: true })
      await once(server, 'listening')
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
  return { [Symbol.asyncDispose]: close }
}

type Target =
  | { status: number; text: string }
  | { redirect: string }
  | { host: string; port: number; path: string }

function targetOf(table: IngressTable, scheme: string, { headers, url = '/' }: IncomingMessage): Target {
  const host = (headers.host ?? '').replace(/:\d+$/, '')
  const route = matchRoute(table.routes, host, url.split('?')[0] ?? '/')
  if (!route) return { status: 404, text: 'no Ingress has a rule for this host and path' }
  if (route.redirect && scheme === 'http') return { redirect: `https://${host}${url}` }
  const { namespace, service, port } = route.backend
  const address = table.address(route.backend)
  if (!address)
    return { status: 503, text: `Service ${namespace}/${service} or its port ${port} is not there` }
  return { ...address, path: rewritten(route, url) }
}

function pass(
  table: IngressTable,
  scheme: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const target = targetOf(table, scheme, incoming)
  if ('status' in target) {
    outgoing.writeHead(target.status, { 'content-type': 'text/plain' }).end(`${target.text}\n`)
    return
  }
  if ('redirect' in target) {
    outgoing.writeHead(308, { location: target.redirect }).end()
    return
  }
  const upstream = request({
    ...target,
    method: incoming.method,
    headers: forwarded(scheme, incoming),
  })
  upstream.on('response', (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers)
    response.pipe(outgoing)
  })
  upstream.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy()
    else outgoing.writeHead(502, { 'content-type': 'text/plain' }).end('the Service does not answer\n')
  })
  outgoing.on('close', () => upstream.destroy())
  incoming.pipe(upstream)
}

function upgrade(
  table: IngressTable,
  scheme: string,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  socket.on('error', () => socket.destroy())
  const target = targetOf(table, scheme, incoming)
  if (!('port' in target)) {
    socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
    return
  }
  const upstream = request({ ...target, headers: forwarded(scheme, incoming) })
  upstream.on('error', () => socket.destroy())
  upstream.on('response', (response) => {
    socket.end(`HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\nconnection: close\r\n\r\n`)
  })
  upstream.on('upgrade', (response, other, rest) => {
    const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}`)
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
    if (rest.length > 0) socket.write(rest)
    if (head.length > 0) other.write(head)
    other.on('error', () => socket.destroy())
    other.on('close', () => socket.destroy())
    socket.on('close', () => other.destroy())
    other.pipe(socket).pipe(other)
  })
  upstream.end()
}

/** As ingress-nginx tells the backend who asked, and how. */
function forwarded(scheme: string, { headers, socket }: IncomingMessage): OutgoingHttpHeaders {
  const client = socket.remoteAddress ?? ''
  const before = headers['x-forwarded-for']
  return {
    ...headers,
    'x-real-ip': client,
    'x-forwarded-for': before ? `${before}, ${client}` : client,
    'x-forwarded-host': headers.host ?? '',
    'x-forwarded-proto': scheme,
  }
}
