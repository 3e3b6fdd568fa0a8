/** A small HTTP client for operators: keep-alive, an overall timeout, cluster names, and Go's error texts. */
import dns from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'

/** Cluster DNS: the address of a Service or pod name, undefined for names that are not the cluster's. */
export type Lookup = (hostname: string) => string | undefined

interface TlsOptions {
  /** PEM. */
  ca?: string
  cert?: string
  key?: string
  passphrase?: string
  rejectUnauthorized?: boolean
}

export interface HttpClientOptions {
  lookup?: Lookup
  tls?: TlsOptions
}

export interface HttpRequest {
  method?: string
  headers?: Record<string, string>
  body?: string
  /** From the start of the request to the end of the body, in milliseconds. */
  timeoutMs?: number
}

export interface HttpResponse {
  status: number
  /** `401 Unauthorized`. */
  statusText: string
  body: string
}

/** Requests over kept-alive connections to the hosts of one peer. Dispose it to close them. */
export class HttpClient implements Disposable {
  readonly #agents: { http: http.Agent; https: https.Agent }

  constructor({ lookup, tls }: HttpClientOptions = {}) {
    const common = { keepAlive: true, ...(lookup ? { lookup: lookupThrough(lookup) } : {}) }
    this.#agents = { http: new http.Agent(common), https: new https.Agent({ ...common, ...tls }) }
  }

  /**
   * Sends one request and reads the whole answer. Any status is an answer; no answer throws an Error with
   * the text that Go's net/http gives (`Get "http://…": dial tcp …: connect: connection refused`).
   */
  async request(url: string, request: HttpRequest = {}): Promise<HttpResponse> {
    const method = request.method ?? 'GET'
    try {
      return await this.#sendWithRetry(new URL(url), method, request)
    } catch (thrown) {
      const verb = method[0] + method.slice(1).toLowerCase()
      throw new Error(`${verb} "${url}": ${goTransportError(thrown)}`, { cause: thrown })
    }
  }

  [Symbol.dispose](): void {
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }

  /** A kept-alive connection may be closed by the peer just as it is reused: that is worth one new try. */
  async #sendWithRetry(url: URL, method: string, request: HttpRequest): Promise<HttpResponse> {
    const deadline = request.timeoutMs ? deadlineIn(request.timeoutMs) : undefined
    try {
      return await this.#send(url, method, request, deadline?.signal)
    } catch (thrown) {
      if (!(thrown instanceof StaleConnection)) throw thrown
      return await this.#send(url, method, request, deadline?.signal)
    } finally {
      deadline?.cancel()
    }
  }

  #send(url: URL, method: string, request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const secure = url.protocol === 'https:'
      const outgoing = (secure ? https : http).request(
        url,
        {
          method,
          agent: secure ? this.#agents.https : this.#agents.http,
          headers: {
            ...(request.body === undefined ? {} : { 'Content-Length': Buffer.byteLength(request.body) }),
            ...request.headers,
          },
          ...(signal ? { signal } : {}),
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('error', reject)
          incoming.on('end', () => {
            const status = incoming.statusCode ?? 0
            resolve({
              status,
              statusText: `${status} ${incoming.statusMessage ?? ''}`.trimEnd(),
              body: Buffer.concat(chunks).toString('utf8'),
            })
          })
        },
      )
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        const stale = outgoing.reusedSocket && error.code === 'ECONNRESET'
        reject(stale ? new StaleConnection(error.message) : error)
      })
      outgoing.end(request.body)
    })
  }
}

class StaleConnection extends Error {}

/** AbortSignal.timeout that ends with the request: its own timer would fire after every answer, too. */
function deadlineIn(ms: number): { signal: AbortSignal; cancel: () => void } {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new DOMException('timed out', 'TimeoutError')), ms)
  return { signal: controller.signal, cancel: () => clearTimeout(timer) }
}

/** A lookup for net.connect that asks cluster DNS first and the machine's resolver for all other names. */
function lookupThrough(lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    const address = lookup(hostname)
    if (address === undefined) {
      dns.lookup(hostname, options, callback)
    } else if (options.all) {
      callback(null, [{ address, family: address.includes(':') ? 6 : 4 }])
    } else {
      callback(null, address, address.includes(':') ? 6 : 4)
    }
  }
}

interface TransportFailure extends NodeJS.ErrnoException {
  address?: string
  port?: number
  hostname?: string
  errors?: TransportFailure[]
}

/** The cause of a failed connection in Go's words. */
export function goTransportError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const error: TransportFailure = thrown
  // Several addresses tried: the first tells enough.
  const first = error.errors?.[0]
  if (first) return goTransportError(first)
  const peer = `${error.address ?? ''}:${error.port ?? ''}`
  switch (error.code ?? error.name) {
    case 'ECONNREFUSED':
      return `dial tcp ${peer}: connect: connection refused`
    case 'EHOSTUNREACH':
      return `dial tcp ${peer}: connect: no route to host`
    case 'ETIMEDOUT':
      return `dial tcp ${peer}: connect: connection timed out`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `dial tcp: lookup ${error.hostname ?? ''}: no such host`
    case 'ECONNRESET':
      return 'read: connection reset by peer'
    case 'ABORT_ERR':
    case 'AbortError':
    case 'TimeoutError':
      return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
    default:
      return error.message
  }
}
