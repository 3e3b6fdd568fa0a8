/** HTTP to one API server over kept-alive connections, without any dependency: starting fast matters here. */
import http from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { DevenvError, messageOf } from '../errors.ts'
import { errorOfResponse } from './errors.ts'
import type { KubeConfig } from './kubeconfig.ts'
import { ServerClock } from './server-clock.ts'

export interface HttpRequest {
  method: string
  /** Path and query string. */
  path: string
  body?: unknown
  contentType?: string
  accept?: string
  signal?: AbortSignal
  /** Milliseconds without a byte from the server before the request fails; 0 for streams. Default 30 s. */
  idleTimeoutMs?: number
}

const IDLE_TIMEOUT_MS = 30_000

/** Sends requests with the kubeconfig's credentials. */
export class Transport {
  readonly config: KubeConfig
  readonly clock = new ServerClock()
  readonly #agent: http.Agent
  readonly #secure: boolean
  // A path in front (a Rancher or proxy URL) belongs to every request.
  readonly #base: URL

  constructor(config: KubeConfig) {
    this.config = config
    this.#base = new URL(config.server)
    this.#secure = this.#base.protocol === 'https:'
    this.#agent = this.#secure
      ? new https.Agent({ keepAlive: true, ...config.tls })
      : new http.Agent({ keepAlive: true })
  }

  /**
   * Resolves to the response once its headers are here. A code of 400 or more throws a KubeError; a server
   * that is not there throws UNREACHABLE.
   */
  async send(request: HttpRequest): Promise<http.IncomingMessage> {
    const response = await this.#request(request)
    const code = response.statusCode ?? 0
    if (code < 400) return response
    throw errorOfResponse(code, await bodyOf(response, request))
  }

  /** Sends, and reads the whole body as text. */
  async text(request: HttpRequest): Promise<string> {
    return bodyOf(await this.send(request), request)
  }

  /** The Authorization header's value of the moment, for connections that this class does not make. */
  async authorization(): Promise<string | undefined> {
    return this.config.authorization?.()
  }

  /** Closes all connections, also those in use. */
  close(): void {
    this.#agent.destroy()
  }

  async #request(request: HttpRequest): Promise<http.IncomingMessage> {
    const payload = request.body === undefined ? undefined : Buffer.from(encode(request.body))
    const authorization = await this.authorization()
    const options: http.RequestOptions = {
      method: request.method,
      hostname: this.#base.hostname.replace(/^\[|\]$/g, ''),
      port: this.#base.port || (this.#secure ? 443 : 80),
      path: this.#base.pathname.replace(/\/$/, '') + request.path,
      agent: this.#agent,
      headers: {
        accept: request.accept ?? 'application/json',
        'user-agent': 'devenv',
        ...(payload
          ? { 'content-type': request.contentType ?? 'application/json', 'content-length': payload.length }
          : {}),
        ...(authorization ? { authorization } : {}),
      },
      ...(request.signal ? { signal: request.signal } : {}),
    }
    return new Promise((resolve, reject) => {
      const sentMs = Date.now()
      let answer: http.IncomingMessage | undefined
      const outgoing = (this.#secure ? https : http).request(options, (response) => {
        answer = response
        this.clock.observe(response.headers.date, sentMs, Date.now())
        resolve(response)
      })
      const idle = request.idleTimeoutMs ?? IDLE_TIMEOUT_MS
      if (idle > 0) {
        outgoing.setTimeout(idle, () => {
          const silence = new Error(`${this.config.server}: nothing within ${idle / 1000} s`)
          // Who reads the answer would hear of the end of its connection alone.
          answer?.destroy(silence)
          outgoing.destroy(silence)
        })
      }
      outgoing.on('error', (error) => reject(request.signal?.aborted ? error : unreachable(error)))
      outgoing.end(payload)
    })
  }
}

/** A server that goes away in the middle of its answer is not there, as one that never begins it. */
async function bodyOf(response: http.IncomingMessage, { signal }: HttpRequest): Promise<string> {
  try {
    return await text(response)
  } catch (thrown) {
    throw signal?.aborted ? thrown : unreachable(thrown as Error)
  }
}

function unreachable(cause: Error): DevenvError {
  // A host name with several addresses fails with an AggregateError, whose own message is empty.
  const why = messageOf(cause) || (cause as NodeJS.ErrnoException).code
  return new DevenvError('UNREACHABLE', `the API server does not answer: ${why}`, {
    cause,
    fix: 'npm run status says whether the environment runs; npm run up starts it again.',
  })
}

function encode(body: unknown): string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
}
