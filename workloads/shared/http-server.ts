/** A small JSON server that ends without failing a request: what was accepted is answered. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Connections } from './connections.ts'
import type { Log } from './log.ts'
import { reasonOf } from './log.ts'

/** An answer other than success, thrown by a handler. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string
  readonly details: Record<string, unknown>

  constructor(status: number, code: string, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void
/** Handlers by `METHOD /path`. */
export type Routes = Record<string, Handler>

export interface ServeOptions {
  routes: Routes
  host: string
  port: number
  log: Log
  /**
   * After close() it goes on accepting until nothing has come for so many milliseconds: whoever sends here does not
   * know yet that this one ends. Each gets its answer, and with it `Connection: close`.
   */
  lingerMs?: number
  /**
   * For so many milliseconds after an answer a client may send on the same connection, which answers tell it
   * (`Keep-Alive: timeout`, in whole seconds). close() does not hang up earlier. Default 3000.
   */
  keepAliveMs?: number
}

export interface RunningServer {
  port: number
  /** Resolves when every request has been answered and every connection is gone. */
  close(): Promise<void>
}

const MAX_BODY_BYTES = 1 << 20

const KEEP_ALIVE_MS = 3000
/** Longer than clients and proxies that do not heed the header keep theirs: it is not this side that hangs up first. */
const UNASKED_KEEP_ALIVE_MS = 65_000

/** Listens, and resolves once it does. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const keepAliveMs = options.keepAliveMs ?? KEEP_ALIVE_MS
  const connections = new Connections(keepAliveMs)
  let closing = false
  const server = createServer((request, response) => {
    connections.asked(request.socket)
    response.once('close', () => connections.answered(request.socket))
    if (closing) response.setHeader('connection', 'close')
    void dispatch(options, request, response)
  })
  server.on('connection', (socket: Socket) => connections.opened(socket))
  server.keepAliveTimeout = keepAliveMs
  server.keepAliveTimeoutBuffer = Math.max(0, UNASKED_KEEP_ALIVE_MS - keepAliveMs)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      closing = true
      await connections.quiet(options.lingerMs ?? 0)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      connections.endSilent()
      await closed
    },
  }
}

async function dispatch(options: ServeOptions, request: IncomingMessage, response: ServerResponse) {
  const path = (request.url ?? '/').split('?', 1)[0]
  try {
    const handler = options.routes[`${request.method} ${path}`]
    if (handler === undefined) throw unrouted(options.routes, path)
    await handler(request, response)
  } catch (thrown) {
    if (!(thrown instanceof HttpError))
      options.log.error('request failed', { path, reason: reasonOf(thrown) })
    sendError(response, thrown)
  }
}

function unrouted(routes: Routes, path: string | undefined): HttpError {
  const known = Object.keys(routes).some((route) => route.endsWith(` ${path}`))
  return known
    ? new HttpError(405, 'method_not_allowed', `${path} does not take this method`)
    : new HttpError(404, 'not_found', `there is nothing at ${path}`)
}

function sendError(response: ServerResponse, thrown: unknown) {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const error = thrown instanceof HttpError ? thrown : new HttpError(500, 'internal', 'internal error')
  // What is down may be back in a second; proxies and clients know this header.
  if (error.status === 503) response.setHeader('retry-after', '1')
  sendJson(response, error.status, {
    ...error.details,
    status: 'error',
    error: { code: error.code, message: error.message },
  })
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown) {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

/** The request's body as a JSON object; HttpError 400 or 413 otherwise. */
export async function readJsonObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request)
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch (thrown) {
    throw new HttpError(400, 'invalid_json', `the body is not JSON: ${reasonOf(thrown)}`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new HttpError(400, 'invalid_request', 'the body must be a JSON object')
}

/** The request's body, at most 1 MiB; HttpError 413 if it is longer. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  return new Promise((resolve, reject) => {
    // What is too long is read to its end and dropped: hanging up would cost the client the answer.
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= MAX_BODY_BYTES) chunks.push(chunk)
    })
    request.on('error', reject)
    request.on('end', () => {
      if (length <= MAX_BODY_BYTES) resolve(Buffer.concat(chunks))
      else reject(new HttpError(413, 'too_large', 'the body is longer than 1 MiB'))
    })
  })
}
