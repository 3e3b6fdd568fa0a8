/** The Vault provider: reads KV v1 and v2 as the operator does. */
import { RE2JS } from 're2js'
import { messageOf } from '../../../../lib/errors.ts'
import { NoSecretError, type SecretsClient } from '../secrets-client.ts'
import type { Find, RemoteRef, SecretData, VaultProvider } from '../types.ts'
import { gjsonGet, gjsonText } from './gjson.ts'
import { isNumber, isObject, marshal, parseJson, plainDecimal, toBytes } from './json-text.ts'
import { type VaultHttp, VaultStatusError } from './vault-http.ts'
import { dataPath, metadataPath } from './vault-path.ts'

export class VaultSecretsClient implements SecretsClient {
  readonly #http: VaultHttp
  readonly #provider: VaultProvider
  readonly #revokeOnClose: boolean

  /** `http` has its token already; `revokeOnClose` when a login got it. */
  constructor(http: VaultHttp, provider: VaultProvider, revokeOnClose: boolean) {
    this.#http = http
    this.#provider = provider
    this.#revokeOnClose = revokeOnClose
  }

  async getSecret(ref: RemoteRef): Promise<Buffer> {
    const data = await this.#dataOf(ref)
    const { property } = ref
    if (!property) return Buffer.from(marshal(data))
    // A key of just this name wins, even one with dots.
    if (Object.hasOwn(data, property)) return toBytes(data[property])
    const found = gjsonGet(data, property)
    if (found === undefined) throw new Error(`cannot find secret data for key: "${property}"`)
    return Buffer.from(gjsonText(found))
  }

  async getSecretMap(ref: RemoteRef): Promise<SecretData> {
    const text = (await this.getSecret(ref)).toString('utf8')
    const parsed = parseJson(text)
    if (!isObject(parsed))
      throw new Error('json: cannot unmarshal value into Go value of type map[string]interface {}')
    return Object.fromEntries(
      Object.entries(parsed).map(([key, value]) => [
        key,
        // Numbers pass through a float64 here, unlike single values.
        isNumber(value) ? Buffer.from(plainDecimal(value.rawJSON)) : toBytes(value),
      ]),
    )
  }

  async findSecrets({ path = '', name, tags }: Find): Promise<SecretData> {
    const byTags = name ? undefined : tags
    if (byTags && this.#provider.version === 'v1') {
      throw new Error('cannot perform find by tag operations with kv version v1')
    }
    const regexp = name?.regexp ? RE2JS.compile(name.regexp) : undefined
    const result: SecretData = {}
    for (const found of await this.#list(path ? `${path.replace(/\/$/, '')}/` : '')) {
      if (regexp && !regexp.matcher(found).find()) continue
      if (byTags && !(await this.#hasTags(found, byTags))) continue
      try {
        result[found] = await this.getSecret({ key: found })
      } catch (thrown) {
        // Deleted versions are still listed.
        if (!(thrown instanceof NoSecretError)) throw thrown
      }
    }
    return result
  }

  async validate(): Promise<void> {
    let data: Record<string, unknown>
    try {
      data = JSON.parse(await this.#http.send('GET', 'auth/token/lookup-self')).data ?? {}
    } catch (thrown) {
      throw new Error(`invalid vault credentials: ${messageOf(thrown)}`, { cause: thrown })
    }
    const refuse = (why: string) => {
      throw new Error(`invalid vault credentials: ${why}`)
    }
    if (data.type === undefined) refuse('could not assert token type')
    if (typeof data.ttl !== 'number') refuse('no TTL found in response')
    if (!('expire_time' in data)) refuse('no expiration time found in response')
  }

  async close(): Promise<void> {
    try {
      if (this.#revokeOnClose) await this.#http.send('PUT', 'auth/token/revoke-self')
    } catch {
      // The token ends by its own time to live.
    } finally {
      this.#http[Symbol.dispose]()
    }
  }

  #dataOf(ref: RemoteRef): Promise<Record<string, unknown>> {
    return ref.metadataPolicy === 'Fetch' ? this.#readMetadata(ref.key) : this.#readData(ref)
  }

  async #readData({ key, version }: RemoteRef): Promise<Record<string, unknown>> {
    const query = version ? `?version=${encodeURIComponent(version)}` : ''
    const { data } = await this.#read(dataPath(this.#provider, key) + query)
    if (this.#provider.version === 'v1') return objectOr(data)
    if (!isObject(data) || !('data' in data)) throw new Error('failed to find data field')
    // A deleted version answers with null.
    if (data.data === null) throw new NoSecretError()
    return objectOr(data.data)
  }

  async #readMetadata(key: string): Promise<Record<string, unknown>> {
    if (this.#provider.version === 'v1') {
      throw new Error('cannot perform metadata fetch operations with kv version v1')
    }
    try {
      const data = objectOr((await this.#read(metadataPath(this.#provider, key))).data)
      const { created_time, current_version, delete_version_after, custom_metadata } = data
      const fields = {
        created_time,
        current_version,
        delete_version_after,
        ...objectOr(custom_metadata ?? {}),
      }
      return Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, toBytes(value).toString()]),
      )
    } catch (thrown) {
      if (thrown instanceof NoSecretError) throw new Error('secret not found', { cause: thrown })
      throw thrown
    }
  }

  async #read(path: string): Promise<Record<string, unknown>> {
    try {
      const escaped = path.replace(/[^?]+/, (part) => part.split('/').map(encodeURIComponent).join('/'))
      return objectOr(parseJson(await this.#http.send('GET', escaped)))
    } catch (thrown) {
      if (thrown instanceof VaultStatusError && thrown.status === 404) throw new NoSecretError()
      throw new Error(`cannot read secret data from Vault: ${messageOf(thrown)}`, { cause: thrown })
    }
  }

  /** All names below `prefix`, folders followed, relative to the mount. */
  async #list(prefix: string): Promise<string[]> {
    const path = metadataPath(this.#provider, prefix).split('/').map(encodeURIComponent).join('/')
    let keys: string[]
    try {
      keys = JSON.parse(await this.#http.send('GET', `${path}?list=true`)).data.keys
    } catch (thrown) {
      if (thrown instanceof VaultStatusError && thrown.status === 404) throw new NoSecretError()
      throw new Error(`cannot read secret data from Vault: ${messageOf(thrown)}`, { cause: thrown })
    }
    const names: string[] = []
    for (const key of keys) {
      if (key.endsWith('/')) names.push(...(await this.#list(prefix + key)))
      else names.push(prefix + key)
    }
    return names
  }

  async #hasTags(name: string, tags: Record<string, string>): Promise<boolean> {
    const metadata = await this.#readMetadata(name)
    return Object.entries(tags).every(([key, value]) => metadata[key] === value)
  }
}

function objectOr(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw new Error('failed to unmarshall JSON')
  return value
}
