/** A client of the registry HTTP API v2: looks at images, reads and writes their parts, digests checked. */
import { Readable } from 'node:stream'
import { HttpFailure } from '../download/failure.ts'
import { proxyAgent } from '../proxies.ts'
import { digestOfBytes, MANIFEST_TYPES, type Manifest } from './manifest.ts'
import { authorize, type Credentials } from './token.ts'

export interface RegistryOptions {
  /** `https://ghcr.io`. */
  url: string
  credentials?: Credentials | undefined
  /** For proxies. */
  env: Record<string, string | undefined>
  signal?: AbortSignal | undefined
}

interface Asked {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT'
  headers?: Record<string, string>
  body?: Uint8Array | Readable
  /** What the token is for. */
  access?: 'pull' | 'pull,push'
}

/** A server that says nothing for so long is gone. */
const IDLE_TIMEOUT_MS = 60_000

export class RegistryClient implements AsyncDisposable {
  readonly #options: RegistryOptions
  readonly #tokens = new Map<string, string>()
  #dispatcher: { destroy(): Promise<void> } | undefined

  constructor(options: RegistryOptions) {
    this.#options = { ...options, url: options.url.replace(/\/+$/, '') }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dispatcher?.destroy().catch(() => undefined)
  }

  /** The digest that a tag points to, or undefined for an image that is not there. */
  async digest(repository: string, reference: string): Promise<string | undefined> {
    const path = `/manifests/${reference}`
    const answer = await this.#ask(repository, path, { method: 'HEAD', headers: { accept: MANIFEST_TYPES } })
    if (answer.status === 404) return undefined
    return answer.headers.get('docker-content-digest') ?? reference
  }

  /** A manifest or index, or undefined when it is not there. Throws when its bytes are not those of its digest. */
  async manifest(repository: string, reference: string): Promise<Manifest | undefined> {
    const answer = await this.#ask(repository, `/manifests/${reference}`, {
      headers: { accept: MANIFEST_TYPES },
    })
    if (answer.status === 404) return undefined
    const bytes = Buffer.from(await answer.arrayBuffer())
    const digest = digestOfBytes(bytes)
    if (reference.startsWith('sha256:') && reference !== digest)
      throw new Error(`${repository}@${reference} was answered with other bytes (${digest})`)
    const declared = (JSON.parse(bytes.toString()) as { mediaType?: string }).mediaType
    const mediaType = declared ?? (answer.headers.get('content-type') ?? '').split(';')[0]!.trim()
    return { digest, mediaType, bytes }
  }

  /** A blob's bytes as they come; who reads them checks their digest. */
  async blob(repository: string, digest: string): Promise<Readable> {
    const answer = await this.#ask(repository, `/blobs/${digest}`)
    if (answer.status === 404 || !answer.body)
      throw new HttpFailure(404, `${repository} has no blob ${digest}`)
    return Readable.fromWeb(answer.body as never)
  }

  async hasBlob(repository: string, digest: string): Promise<boolean> {
    return (await this.#ask(repository, `/blobs/${digest}`, { method: 'HEAD' })).status !== 404
  }

  /** Sends a blob in one piece: the registry keeps it only when digest and size are right. */
  async putBlob(repository: string, digest: string, bytes: Readable): Promise<void> {
    const begun = await this.#ask(repository, '/blobs/uploads/', { method: 'POST', access: 'pull,push' })
    const place = new URL(begun.headers.get('location') ?? '', this.#options.url)
    place.searchParams.set('digest', digest)
    await this.#ask(repository, place.href, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      access: 'pull,push',
    })
  }

  /** Names a manifest by a tag or by its digest; its blobs must be there. */
  async putManifest(repository: string, reference: string, { mediaType, bytes }: Manifest): Promise<void> {
    await this.#ask(repository, `/manifests/${reference}`, {
      method: 'PUT',
      headers: { 'content-type': mediaType },
      body: bytes,
      access: 'pull,push',
    })
  }

  /** Answers 2xx and 404; anything else is thrown as HttpFailure with the registry's own words. */
  async #ask(repository: string, path: string, asked: Asked = {}): Promise<Response> {
    const url = path.startsWith('http') ? path : `${this.#options.url}/v2/${repository}${path}`
    const scope = `repository:${repository}:${asked.access ?? 'pull'}`
    let answer = await this.#send(url, asked, this.#tokens.get(scope))
    const challenge = answer.headers.get('www-authenticate')
    if (answer.status === 401 && challenge && !(asked.body instanceof Readable)) {
      await answer.body?.cancel()
      const header = await authorize(challenge, scope, this.#options.credentials, (to, init) =>
        this.#fetch(to, init),
      )
      if (header === undefined) throw new HttpFailure(401, 'it asks for a login')
      this.#tokens.set(scope, header)
      answer = await this.#send(url, asked, header)
    }
    if (answer.ok || (answer.status === 404 && asked.method !== 'PUT' && asked.method !== 'POST'))
      return answer
    throw new HttpFailure(answer.status, wordsOf(await answer.text().catch(() => '')) || answer.statusText)
  }

  #send(url: string, { method = 'GET', headers = {}, body }: Asked, token?: string): Promise<Response> {
    return this.#fetch(url, {
      method,
      headers: { ...headers, ...(token ? { authorization: token } : {}) },
      ...(body ? { body, duplex: 'half' } : {}),
    })
  }

  async #fetch(url: string, init: Record<string, unknown>): Promise<Response> {
    const { fetch } = await import('undici')
    const { env, signal } = this.#options
    this.#dispatcher ??= await proxyAgent(this.#options.url, env, { idleMs: IDLE_TIMEOUT_MS })
    const asked = { ...init, dispatcher: this.#dispatcher, ...(signal ? { signal } : {}) }
    return (await fetch(url, asked as never)) as never
  }
}

/** `{"errors":[{"code":"DENIED","message":"…"}]}` as people read it. */
function wordsOf(text: string): string {
  try {
    const { errors = [] } = JSON.parse(text) as {
      errors?: { code?: string; message?: string; detail?: unknown }[]
    }
    return errors
      .map(({ code, message, detail }) => [code, message, detailText(detail)].filter(Boolean).join(' '))
      .join('; ')
  } catch {
    return text.slice(0, 200)
  }
}

function detailText(detail: unknown): string {
  return typeof detail === 'string' ? detail : detail ? JSON.stringify(detail) : ''
}
