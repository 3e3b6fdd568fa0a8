/** KV v2 over the API: `data`, `metadata`, `delete`, `undelete`, `destroy` and `config` under a mount. */
import {
  deleteVersions,
  destroyVersions,
  ensureSecret,
  isObject,
  kv2Secret,
  listNames,
  mergePatch,
  readVersion,
  secretMetadata,
  undeleteVersions,
  versionMetadata,
  writeVersion,
} from './kv2.ts'
import {
  badRequest,
  envelope,
  keysEnvelope,
  noContent,
  type Operation,
  unsupported,
  VaultError,
  type VaultRequest,
  type VaultResponse,
} from './request.ts'
import type { Kv2Config, Kv2Mount, Kv2Secret } from './state.ts'

const MOUNT_TYPE = 'kv'
/** The command of Vault's own client that would have built the right path. */
const CLI_VERB: Record<Operation, string> = {
  read: 'get',
  list: 'list',
  update: 'put',
  patch: 'patch',
  delete: 'delete',
}

/** Answers a request whose path, below the mount, is `path`. */
export function handleKv2(mount: Kv2Mount, path: string, request: VaultRequest, now: number): VaultResponse {
  const [endpoint = '', ...segments] = path.split('/')
  const name = segments.join('/')
  switch (endpoint) {
    case 'config':
      return handleConfig(mount, request)
    case 'data':
      return handleData(mount, name, request, now)
    case 'metadata':
      return handleMetadata(mount, name, request, now)
    case 'delete':
      return onVersions(mount, name, request, (secret, numbers) => deleteVersions(secret, numbers, now))
    case 'undelete':
      return onVersions(mount, name, request, undeleteVersions)
    case 'destroy':
      return onVersions(mount, name, request, destroyVersions)
    default:
      return wrongPath(request)
  }
}

/** A KV v1 path on a v2 engine: the usual mistake, so Vault says more than 404. */
function wrongPath({ operation }: VaultRequest): VaultResponse {
  const warning = `Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using the Vault CLI, use 'vault kv ${CLI_VERB[operation]}' for this operation.`
  return envelope({ warnings: [warning], status: 404 })
}

function handleData(mount: Kv2Mount, name: string, request: VaultRequest, now: number): VaultResponse {
  if (name === '' || request.operation === 'list') return wrongPath(request)
  switch (request.operation) {
    case 'read': {
      const version = Number(request.query.get('version') ?? 0)
      const found = readVersion(kv2Secret(mount, name), version, now)
      return found.data
        ? envelope({ data: found, mountType: MOUNT_TYPE })
        : envelope({ data: found, status: 404 })
    }
    case 'update':
      return write(mount, name, request, dataOf(request), now)
    case 'patch':
      return patchData(mount, name, request, now)
    case 'delete': {
      const secret = mount.secrets[name]
      if (secret) deleteVersions(secret, [secret.currentVersion], now)
      return noContent()
    }
    default:
      throw unsupported()
  }
}

function dataOf(request: VaultRequest): Record<string, unknown> {
  const { data } = request.body
  if (data === undefined || data === null) throw badRequest('no data provided')
  if (!isObject(data)) throw badRequest('Field validation failed: error converting input for field "data"')
  return data
}

function write(
  mount: Kv2Mount,
  name: string,
  request: VaultRequest,
  data: Record<string, unknown>,
  now: number,
): VaultResponse {
  const secret = writeVersion(mount, name, data, request.body.options?.cas, now)
  return envelope({ data: versionMetadata(secret, secret.currentVersion), mountType: MOUNT_TYPE })
}

function patchData(mount: Kv2Mount, name: string, request: VaultRequest, now: number): VaultResponse {
  requireMergePatch(request)
  const { data, metadata } = readVersion(kv2Secret(mount, name), 0, now)
  if (!data) return envelope({ data: metadata, status: 404 })
  const patched = mergePatch(data, dataOf(request)) as Record<string, unknown>
  return write(mount, name, request, patched, now)
}

function requireMergePatch(request: VaultRequest): void {
  if (request.contentType.startsWith('application/merge-patch+json')) return
  throw new VaultError(415, [
    `PATCH requires Content-Type of application/merge-patch+json, provided ${request.contentType || 'none'}`,
  ])
}

function handleMetadata(mount: Kv2Mount, name: string, request: VaultRequest, now: number): VaultResponse {
  switch (request.operation) {
    case 'list':
      return keysEnvelope(listNames(Object.keys(mount.secrets), name), MOUNT_TYPE)
    case 'read':
      return envelope({ data: secretMetadata(kv2Secret(mount, name)), mountType: MOUNT_TYPE })
    case 'update':
      setMetadata(mount, name, request.body, now)
      return noContent()
    case 'patch': {
      requireMergePatch(request)
      const { customMetadata } = kv2Secret(mount, name)
      const merged = mergePatch(customMetadata ?? {}, request.body.custom_metadata ?? {})
      setMetadata(mount, name, { ...request.body, custom_metadata: merged }, now)
      return noContent()
    }
    case 'delete':
      delete mount.secrets[name]
      return noContent()
  }
}

function setMetadata(mount: Kv2Mount, name: string, body: Record<string, any>, now: number): void {
  const secret = ensureSecret(mount, name, now)
  Object.assign(secret, limits(body))
  if (body.custom_metadata !== undefined) secret.customMetadata = body.custom_metadata
  secret.updatedMs = now
}

/** The fields that the engine's config and a secret's metadata share. */
function limits(body: Record<string, any>): Partial<Kv2Config> {
  return {
    ...(body.max_versions === undefined ? {} : { maxVersions: Number(body.max_versions) }),
    ...(body.cas_required === undefined ? {} : { casRequired: Boolean(body.cas_required) }),
    ...(body.delete_version_after === undefined
      ? {}
      : { deleteVersionAfter: String(body.delete_version_after) }),
  }
}

function handleConfig(mount: Kv2Mount, request: VaultRequest): VaultResponse {
  if (request.operation === 'update') {
    Object.assign(mount.config, limits(request.body))
    return noContent()
  }
  if (request.operation !== 'read') throw unsupported()
  const { casRequired, deleteVersionAfter, maxVersions } = mount.config
  return envelope({
    data: { cas_required: casRequired, delete_version_after: deleteVersionAfter, max_versions: maxVersions },
    mountType: MOUNT_TYPE,
  })
}

function onVersions(
  mount: Kv2Mount,
  name: string,
  request: VaultRequest,
  apply: (secret: Kv2Secret, numbers: number[]) => void,
): VaultResponse {
  if (request.operation !== 'update') throw unsupported()
  const numbers: unknown = request.body.versions
  if (!Array.isArray(numbers) || numbers.length === 0) throw badRequest('No version number provided')
  const secret = mount.secrets[name]
  if (secret) apply(secret, numbers.map(Number))
  return noContent()
}
