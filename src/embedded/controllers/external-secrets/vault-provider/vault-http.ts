/** Vault's HTTP API with the error texts of its Go client. */
import { HttpClient, type Lookup } from '../../../../lib/http-client.ts'

const TIMEOUT_MS = 60_000

export interface VaultHttpOptions {
  server: string
  lookup: Lookup
  namespace?: string
  headers?: Record<string, string>
  /** PEM. */
  ca?: string
}

/** Vault answered with an error status. */
export class VaultStatusError extends Error {
  override readonly name = 'VaultStatusError'
  readonly status: number
  readonly body: string

  constructor(method: string, url: string, status: number, body: string) {
    super(`Error making API request.\n\nURL: ${method} ${url}\nCode: ${status}. ${errorsIn(body)}`)
    this.status = status
    this.body = body
  }
}

function errorsIn(body: string): string {
  try {
    const errors: string[] = JSON.parse(body).errors ?? []
    return `Errors:\n\n${errors.map((error) => `* ${error}`).join('\n')}`
  } catch {
    return `Raw Message:\n\n${body}`
  }
}

export class VaultHttp implements Disposable {
  readonly #client: HttpClient
  readonly #options: VaultHttpOptions
  token = ''

  constructor(options: VaultHttpOptions) {
    this.#options = options
    this.#client = new HttpClient({
      lookup: options.lookup,
      ...(options.ca ? { tls: { ca: options.ca } } : {}),
    })
  }

  /** The answer's JSON text ('' for no content). `path` comes after `/v1/`. Any status from 400 up throws. */
  async send(method: string, path: string, body?: unknown): Promise<string> {
    const { server, namespace, headers } = this.#options
    const url = `${server.replace(/\/$/, '')}/v1/${path}`
    const response = await this.#client.request(url, {
      method,
      timeoutMs: TIMEOUT_MS,
      headers: {
        'X-Vault-Request': 'true',
        ...(this.token ? { 'X-Vault-Token': this.token } : {}),
        ...(namespace ? { 'X-Vault-Namespace': namespace } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (response.status >= 400) throw new VaultStatusError(method, url, response.status, response.body)
    return response.body
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]()
  }
}
