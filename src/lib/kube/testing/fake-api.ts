/** A few endpoints of the Kubernetes API over plain HTTP, for tests of what speaks to it. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { KubeClient } from '../client.ts'
import { type KubeObject, type Resource, resourcePath } from '../object.ts'

interface Watcher {
  path: string
  response: ServerResponse
}

/** Objects by URL; lists and watches by the URL of their collection; no selectors, patches merge at the top only. */
export class FakeApi implements AsyncDisposable {
  readonly requests: { method: string; url: string; body: string; contentType: string }[] = []
  /** The next watches are refused as expired, this many times. */
  expireWatches = 0
  /** How far its clock is behind. */
  behindMs = 0
  /** Answers instead of the objects, by path. */
  readonly answers = new Map<string, (response: ServerResponse, url: URL) => void>()
  readonly #objects = new Map<string, KubeObject>()
  readonly #served = new Set<string>()
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  readonly #watchers = new Set<Watcher>()
  #version = 1
  #history: { path: string; version: number; line: string }[] = []

  static async start(): Promise<FakeApi> {
    const api = new FakeApi()
    api.#server.listen(0, '127.0.0.1')
    await once(api.#server, 'listening')
    return api
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  client(): KubeClient {
    return new KubeClient({ server: this.url, namespace: 'default', tls: {} })
  }

  put(resource: Resource, object: KubeObject): void {
    const { namespace, name } = object.metadata
    const at = namespace === undefined ? {} : { namespace }
    const path = resourcePath(resource, { ...at, name })
    const type = this.#objects.has(path) ? 'MODIFIED' : 'ADDED'
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } }
    this.#objects.set(path, stored)
    this.#tell(resourcePath(resource, at), type, stored)
  }

  /** Makes collections that have no objects yet known: others are answered with 404. */
  serve(resources: Resource[], namespace: string): void {
    for (const resource of resources) this.#served.add(resourcePath(resource, { namespace }))
  }

  remove(resource: Resource, name: string, namespace?: string): void {
    const at = namespace === undefined ? {} : { namespace }
    const path = resourcePath(resource, { ...at, name })
    const object = this.#objects.get(path)
    this.#objects.delete(path)
    this.#version++
    if (object) this.#tell(resourcePath(resource, at), 'DELETED', object)
  }

  /** Ends all watches, as the real server does after some minutes. */
  endWatches(): void {
    for (const { response } of this.#watchers) response.end()
    this.#watchers.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  #tell(path: string, type: string, object: KubeObject): void {
    const line = `${JSON.stringify({ type, object })}\n`
    this.#history.push({ path, version: this.#version, line })
    for (const watcher of this.#watchers) if (watcher.path === path) watcher.response.write(line)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.behindMs > 0) response.setHeader('date', new Date(Date.now() - this.behindMs).toUTCString())
    const url = new URL(request.url ?? '/', this.url)
    const method = request.method ?? 'GET'
    const body = await text(request)
    this.requests.push({
      method,
      url: url.pathname + url.search,
      body,
      contentType: request.headers['content-type'] ?? '',
    })
    const special = this.answers.get(url.pathname)
    if (special) return special(response, url)
    if (url.searchParams.get('watch')) return this.#watch(url, response)
    const object = this.#objects.get(url.pathname)
    if (method === 'DELETE' && object) this.#objects.delete(url.pathname)
    if (object) return json(response, 200, method === 'PATCH' ? { ...object, ...JSON.parse(body) } : object)
    if (method === 'POST') return json(response, 201, JSON.parse(body))
    const items = [...this.#objects].filter(([path]) => path.slice(0, path.lastIndexOf('/')) === url.pathname)
    if (method === 'GET' && (items.length > 0 || this.#served.has(url.pathname)))
      return this.#list(
        url,
        response,
        items.map(([, item]) => item),
      )
    const message = `no ${url.pathname}`
    json(response, 404, {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'NotFound',
      message,
      code: 404,
    })
  }

  #list(url: URL, response: ServerResponse, items: KubeObject[]): void {
    const limit = Number(url.searchParams.get('limit') ?? items.length)
    const from = Number(url.searchParams.get('continue') ?? 0)
    const next = from + limit < items.length ? String(from + limit) : undefined
    const { apiVersion, kind } = items[0] ?? { apiVersion: 'v1', kind: '' }
    const metadata = { resourceVersion: String(this.#version), continue: next }
    json(response, 200, { apiVersion, kind: `${kind}List`, metadata, items: items.slice(from, from + limit) })
  }

  #watch(url: URL, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    if (this.expireWatches > 0) {
      this.expireWatches--
      const object = {
        kind: 'Status',
        apiVersion: 'v1',
        code: 410,
        reason: 'Expired',
        message: 'too old resource version',
      }
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`)
      return
    }
    const from = Number(url.searchParams.get('resourceVersion') ?? 0)
    for (const { path, version, line } of this.#history)
      if (path === url.pathname && version > from) response.write(line)
    this.#watchers.add({ path: url.pathname, response })
  }
}

function json(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
