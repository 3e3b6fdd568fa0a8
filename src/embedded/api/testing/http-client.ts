/** A bare HTTPS client for tests that look at status codes, headers and frames. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { createInterface } from 'node:readline'
import type { Listening } from '../http/server.ts'
import type { Certificates } from '../tls/bundle.ts'
import { loadCertificates } from '../tls/certificates.ts'
import { type FakeApi, fakeApi } from './fake-api.ts'

interface Reply {
  code: number
  headers: IncomingMessage['headers']
  text: string
  json: any
}

interface RequestOptions {
  body?: unknown
  type?: string
  headers?: Record<string, string>
  /** false: without the client certificate. */
  certificate?: boolean
}

export interface TestServer extends AsyncDisposable {
  api: FakeApi
  port: number
  certificates: Certificates
  call(method: string, path: string, options?: RequestOptions): Promise<Reply>
  /** Opens a watch; `next` waits for the following event. */
  watch(path: string, headers?: Record<string, string>): Promise<WatchReader>
}

interface WatchReader {
  reply: IncomingMessage
  next(): Promise<any>
  close(): void
}

let shared: Promise<Certificates> | undefined

/** The fake API server behind HTTPS. */
export async function testServer(): Promise<TestServer> {
  shared ??= loadCertificates(undefined)
  const certificates = await shared
  const api = fakeApi()
  const listening: Listening = await api.listen({ certificates })
  const { ca, clientCert, clientKey } = certificates
  const agents = {
    with: new Agent({ ca, cert: clientCert, key: clientKey, keepAlive: true }),
    without: new Agent({ ca }),
  }
  const send = async (method: string, path: string, options: RequestOptions): Promise<IncomingMessage> => {
    const { body, headers = {}, certificate = true } = options
    const outgoing = request({
      host: '127.0.0.1',
      port: listening.port,
      method,
      path,
      agent: certificate ? agents.with : agents.without,
      headers: {
        ...(body === undefined ? {} : { 'content-type': options.type ?? 'application/json' }),
        ...headers,
      },
    })
    outgoing.end(
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    )
    const [reply] = (await once(outgoing, 'response')) as [IncomingMessage]
    return reply
  }
  return {
    api,
    certificates,
    port: listening.port,
    async call(method, path, options = {}) {
      const reply = await send(method, path, options)
      const chunks: Buffer[] = []
      for await (const chunk of reply) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      const json = /json/.test(reply.headers['content-type'] ?? '') ? JSON.parse(text) : undefined
      return { code: reply.statusCode!, headers: reply.headers, text, json }
    },
    async watch(path, headers = {}) {
      const reply = await send('GET', path, { headers })
      const lines = createInterface({ input: reply })[Symbol.asyncIterator]()
      return {
        reply,
        async next() {
          const { value, done } = await lines.next()
          return done ? undefined : JSON.parse(value)
        },
        close: () => reply.destroy(),
      }
    },
    async [Symbol.asyncDispose]() {
      agents.with.destroy()
      agents.without.destroy()
      await listening.close()
      api[Symbol.dispose]()
    },
  }
}
