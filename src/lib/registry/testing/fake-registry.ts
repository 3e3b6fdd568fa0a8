/** A registry for tests: the parts of the HTTP API v2 that devenv asks, with tokens where a test wants them. */
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

interface Stored {
  type: string
  bytes: Buffer
}

export class FakeRegistry implements AsyncDisposable {
  /** `repository@sha256:…` and `repository:tag`. */
  readonly manifests = new Map<string, Stored>()
  /** `repository@sha256:…`. */
  readonly blobs = new Map<string, Buffer>()
  readonly requests: string[] = []
  /** `user:password` → repositories that it may read; without it nobody is asked. */
  logins: Record<string, string[]> | undefined
  /** Cuts the first so many blobs off halfway. */
  cut = 0
  /** What writing fails with. */
  full = false
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((thrown) => response.destroy(thrown as Error))
  })

  static async start(): Promise<FakeRegistry> {
    const registry = new FakeRegistry()
    registry.#server.listen(0, '127.0.0.1')
    await once(registry.#server, 'listening')
    return registry
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get url(): string {
    return `http://${this.host}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Puts an image of these layers there and answers the digest of its manifest. */
  put(repository: string, tag: string, layers: Buffer[], labels: Record<string, string> = {}): string {
    const config = Buffer.from(JSON.stringify({ config: { Labels: labels } }))
    const of = (bytes: Buffer) => ({
      mediaType: 'application/octet-stream',
      digest: digest(bytes),
      size: bytes.length,
    })
    for (const bytes of [config, ...layers]) this.blobs.set(`${repository}@${digest(bytes)}`, bytes)
    const type = 'application/vnd.oci.image.manifest.v1+json'
    return this.#name(repository, tag, {
      type,
      bytes: Buffer.from(
        JSON.stringify({ schemaVersion: 2, mediaType: type, config: of(config), layers: layers.map(of) }),
      ),
    })
  }

  /** Puts an index of images that are there; platforms by their digests. */
  putIndex(repository: string, tag: string, platforms: Record<string, string>): string {
    const type = 'application/vnd.oci.image.index.v1+json'
    const manifests = Object.entries(platforms).map(([name, of]) => {
      const [os, architecture] = name.split('/')
      const { type: mediaType, bytes } = this.manifests.get(`${repository}@${of}`)!
      return { mediaType, digest: of, size: bytes.length, platform: { os, architecture } }
    })
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests }))
    return this.#name(repository, tag, { type, bytes })
  }

  #name(repository: string, tag: string, stored: Stored): string {
    const name = digest(stored.bytes)
    this.manifests.set(`${repository}@${name}`, stored)
    this.manifests.set(`${repository}:${tag}`, stored)
    return name
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const { method = 'GET' } = request
    const url = new URL(request.url ?? '/', this.url)
    this.requests.push(`${method} ${url.pathname}`)
    if (url.pathname === '/token') return this.#token(request, url, response)
    const [, repository = '', kind = '', reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(url.pathname) ?? []
    if (!this.#allowed(request, repository)) {
      const challenge = `Bearer realm="${this.url}/token",service="fake",scope="repository:${repository}:pull"`
      response.writeHead(401, { 'www-authenticate': challenge })
      return response.end(
        JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }),
      )
    }
    if (method === 'POST')
      return response
        .writeHead(202, { location: `/v2/${repository}/blobs/uploads/${randomUUID()}?s=1` })
        .end()
    if (method === 'PUT') return this.#write(request, repository, kind, reference, url, response)
    if (kind === 'manifests') {
      const at = reference.startsWith('sha256:') ? '@' : ':'
      const found = this.manifests.get(`${repository}${at}${reference}`)
      if (!found) return response.writeHead(404).end()
      response.writeHead(200, { 'content-type': found.type, 'docker-content-digest': digest(found.bytes) })
      return response.end(method === 'HEAD' ? undefined : found.bytes)
    }
    return this.#blob(this.blobs.get(`${repository}@${reference}`), method, response)
  }

  #blob(bytes: Buffer | undefined, method: string, response: ServerResponse): unknown {
    if (!bytes) return response.writeHead(404).end()
    response.writeHead(200, { 'content-length': bytes.length })
    if (method === 'HEAD') return response.end()
    if (this.cut-- <= 0) return response.end(bytes)
    return response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
  }

  async #write(
    request: IncomingMessage,
    repository: string,
    kind: string,
    reference: string,
    url: URL,
    response: ServerResponse,
  ): Promise<unknown> {
    const bytes = await buffer(request)
    const refuse = (status: number, code: string, message: string) =>
      response.writeHead(status).end(JSON.stringify({ errors: [{ code, message }] }))
    if (this.full) return refuse(500, 'UNKNOWN', 'write /var/lib/registry: no space left on device')
    if (kind === 'manifests') {
      const { config, layers = [] } = JSON.parse(bytes.toString()) as {
        config?: { digest: string }
        layers?: { digest: string }[]
      }
      const unknown = [...(config ? [config] : []), ...layers].find(
        (one) => !this.blobs.has(`${repository}@${one.digest}`),
      )
      if (unknown) return refuse(400, 'MANIFEST_BLOB_UNKNOWN', unknown.digest)
      this.#name(repository, reference, { type: request.headers['content-type'] ?? '', bytes })
    } else {
      const wanted = url.searchParams.get('digest') ?? ''
      if (digest(bytes) !== wanted) return refuse(400, 'DIGEST_INVALID', 'provided digest did not match')
      this.blobs.set(`${repository}@${wanted}`, bytes)
    }
    return response.writeHead(201).end()
  }

  #allowed(request: IncomingMessage, repository: string): boolean {
    if (!this.logins) return true
    const login = tokenLogin(request.headers.authorization)
    return login !== undefined && (this.logins[login] ?? []).includes(repository)
  }

  /** A token for whoever is known; a registry decides by it what it shows. */
  #token(request: IncomingMessage, url: URL, response: ServerResponse): unknown {
    const basic = Buffer.from(
      (request.headers.authorization ?? '').replace(/^Basic /, ''),
      'base64',
    ).toString()
    if (basic !== '' && !Object.hasOwn(this.logins ?? {}, basic)) return response.writeHead(401).end()
    if (url.searchParams.get('service') !== 'fake') return response.writeHead(400).end()
    return response.end(JSON.stringify({ token: Buffer.from(basic).toString('base64url') }))
  }
}

function tokenLogin(header: string | undefined): string | undefined {
  const token = header?.replace(/^Bearer /, '')
  return token === undefined ? undefined : Buffer.from(token, 'base64url').toString()
}

function digest(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
