/** The KV v1 engine: one unversioned object per path. */
import { listNames } from './kv2.ts'
import {
  badRequest,
  envelope,
  keysEnvelope,
  noContent,
  notFound,
  unsupported,
  type VaultRequest,
  type VaultResponse,
} from './request.ts'
import type { Kv1Mount } from './state.ts'
import { MAX_TTL } from './tokens.ts'

/** Answers a request whose path, below the mount, is `path`. */
export function handleKv1(mount: Kv1Mount, path: string, request: VaultRequest): VaultResponse {
  switch (request.operation) {
    case 'read': {
      const data = mount.secrets[path]
      if (!data) throw notFound()
      return envelope({ data, mountType: 'kv', leaseDuration: MAX_TTL })
    }
    case 'list':
      return keysEnvelope(listNames(Object.keys(mount.secrets), path), 'kv')
    case 'update':
      if (Object.keys(request.body).length === 0) throw badRequest('missing data fields')
      mount.secrets[path] = structuredClone(request.body)
      return noContent()
    case 'delete':
      delete mount.secrets[path]
      return noContent()
    default:
      throw unsupported()
  }
}
