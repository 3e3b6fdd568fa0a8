/** `sys/…`: health, seal status, mounts, auth methods and policies. */

import { newKv2Mount } from './kv2.ts'
import { type Capability, parsePolicy } from './policy.ts'
import {
  type AuthenticatedRequest,
  badRequest,
  envelope,
  keysEnvelope,
  noContent,
  notFound,
  VaultError,
  type VaultResponse,
} from './request.ts'
import { type AuthMount, type KvMount, type MountInfo, newMountInfo, type VaultState } from './state.ts'

/** The release whose API this server follows. */
const VAULT_VERSION = '1.21.4'
const CLUSTER_NAME = 'devenv'

/** Answers what needs no token; undefined for every other path. */
export function handleUnauthenticatedSys(
  state: VaultState,
  path: string,
  now: number,
): VaultResponse | undefined {
  switch (path) {
    case 'sys/health':
      return {
        status: 200,
        body: {
          initialized: true,
          sealed: false,
          standby: false,
          performance_standby: false,
          replication_performance_mode: 'disabled',
          replication_dr_mode: 'disabled',
          server_time_utc: Math.floor(now / 1000),
          version: VAULT_VERSION,
          enterprise: false,
          cluster_name: CLUSTER_NAME,
          cluster_id: state.clusterId,
        },
      }
    case 'sys/seal-status':
      return {
        status: 200,
        body: {
          type: 'shamir',
          initialized: true,
          sealed: false,
          t: 1,
          n: 1,
          progress: 0,
          nonce: '',
          version: VAULT_VERSION,
          migration: false,
          cluster_name: CLUSTER_NAME,
          cluster_id: state.clusterId,
          recovery_seal: false,
          storage_type: 'inmem',
        },
      }
    case 'sys/init':
      return { status: 200, body: { initialized: true } }
    case 'sys/leader':
      return { status: 200, body: { ha_enabled: false, is_self: false, leader_address: '' } }
    default:
      return undefined
  }
}

/** Answers a request below `sys/`. */
export function handleSys(
  state: VaultState,
  path: string,
  request: AuthenticatedRequest,
  capabilities: (path: string) => Capability[],
): VaultResponse {
  const [top, ...rest] = path.split('/')
  const name = rest.join('/')
  switch (top) {
    case 'mounts':
      return handleMounts(state, name, request)
    case 'auth':
      return handleAuthMethods(state, name, request)
    case 'policies':
      if (rest[0] === 'acl') return handlePolicies(state, rest.slice(1).join('/'), request)
      break
    case 'policy':
      return handlePolicies(state, name, request)
    case 'internal':
      if (name.startsWith('ui/mounts'))
        return handleUiMounts(state, name.slice('ui/mounts/'.length), capabilities)
      break
    case 'capabilities-self':
      return handleCapabilities(request, capabilities)
  }
  throw new VaultError(404, ['1 error occurred:\n\t* unsupported path\n\n'])
}

const withSlash = (path: string) => `${path.replace(/^\/|\/$/g, '')}/`

function describeMount(mount: MountInfo & { type: string; version?: number }): Record<string, unknown> {
  return {
    accessor: mount.accessor,
    config: { default_lease_ttl: 0, force_no_cache: false, max_lease_ttl: 0 },
    description: mount.description,
    external_entropy_access: false,
    local: false,
    options: mount.version ? { version: String(mount.version) } : null,
    plugin_version: '',
    running_sha256: '',
    seal_wrap: false,
    type: mount.type,
    uuid: mount.uuid,
  }
}

const describeAll = (mounts: Record<string, KvMount | AuthMount>) =>
  Object.fromEntries(Object.entries(mounts).map(([path, mount]) => [path, describeMount(mount)]))

/** Listings of mounts repeat their entries beside `data`, for old clients. */
function listing(data: Record<string, unknown>): VaultResponse {
  const answer = envelope({ data, mountType: 'system' })
  return { ...answer, body: { ...answer.body, ...data } }
}

/** Makes a KV engine. Throws VaultError 400 when the path is taken or the type is not `kv`. */
export function mountKv(state: VaultState, path: string, version: 1 | 2, description = ''): void {
  const key = withSlash(path)
  if (state.mounts[key]) throw badRequest(`path is already in use at ${key}`)
  const engine = version === 2 ? newKv2Mount() : { version: 1 as const, secrets: {} }
  state.mounts[key] = { type: 'kv', ...newMountInfo('kv', description), ...engine }
}

function handleMounts(
  state: VaultState,
  name: string,
  { operation, body }: AuthenticatedRequest,
): VaultResponse {
  if (!name) return listing(describeAll(state.mounts))
  const key = withSlash(name)
  if (operation === 'delete') {
    delete state.mounts[key]
    return noContent()
  }
  if (operation === 'read') {
    const mount = state.mounts[key]
    if (!mount) throw badRequest(`No secret engine mount at ${key}`)
    return listing(describeMount(mount))
  }
  const type = String(body.type ?? '')
  if (type !== 'kv' && type !== 'kv-v2') throw badRequest(`plugin not found in the catalog: ${type}`)
  const version = type === 'kv-v2' || String(body.options?.version ?? '1') === '2' ? 2 : 1
  mountKv(state, name, version, body.description)
  return noContent()
}

function handleAuthMethods(
  state: VaultState,
  name: string,
  { operation, body }: AuthenticatedRequest,
): VaultResponse {
  if (!name) return listing(describeAll(state.auths))
  const key = withSlash(name)
  if (operation === 'delete') {
    if (key === 'token/') throw badRequest('token credential backend cannot be disabled')
    delete state.auths[key]
    return noContent()
  }
  if (operation === 'read') {
    const auth = state.auths[key]
    if (!auth) throw badRequest(`No auth engine at ${key}`)
    return listing(describeMount(auth))
  }
  if (state.auths[key]) throw badRequest(`path is already in use at ${key}`)
  const info = newMountInfo(String(body.type), String(body.description ?? ''))
  if (body.type === 'approle') state.auths[key] = { type: 'approle', ...info, roles: {} }
  else if (body.type === 'userpass') state.auths[key] = { type: 'userpass', ...info, users: {} }
  else throw badRequest(`plugin not found in the catalog: ${body.type}`)
  return noContent()
}

function handlePolicies(
  state: VaultState,
  name: string,
  { operation, body }: AuthenticatedRequest,
): VaultResponse {
  if (!name) return policyList(state)
  if (operation === 'update') {
    if (name === 'root') throw badRequest('cannot update "root" policy')
    if (!body.policy) throw badRequest("'policy' parameter not supplied or empty")
    parsePolicy(String(body.policy))
    state.policies[name] = String(body.policy)
    return noContent()
  }
  if (operation === 'delete') {
    if (name === 'root' || name === 'default') throw badRequest(`cannot delete ${name} policy`)
    delete state.policies[name]
    return noContent()
  }
  const policy = name === 'root' ? '' : state.policies[name]
  if (policy === undefined) throw notFound()
  return envelope({ data: { name, policy }, mountType: 'system' })
}

function policyList(state: VaultState): VaultResponse {
  return keysEnvelope([...Object.keys(state.policies), 'root'], 'system')
}

/** What the CLI and node clients ask to learn an engine's version before they build a path. */
function handleUiMounts(
  state: VaultState,
  path: string,
  capabilities: (path: string) => Capability[],
): VaultResponse {
  const visible = Object.entries(state.mounts).filter(([key]) => seesMount(key, capabilities))
  if (!path) {
    const secret = Object.fromEntries(visible.map(([key, mount]) => [key, describeMount(mount)]))
    return envelope({ data: { auth: {}, secret }, mountType: 'system' })
  }
  const [key, mount] = visible.find(([candidate]) => `${path}/`.startsWith(candidate)) ?? []
  if (!mount)
    throw new VaultError(403, [
      `preflight capability check returned 403, please ensure client's policies grant access to path "${path}/"`,
    ])
  return envelope({ data: { ...describeMount(mount), path: key }, mountType: 'system' })
}

/** A mount is visible to whoever may do anything below it. */
function seesMount(key: string, capabilities: (path: string) => Capability[]): boolean {
  return ['', 'data/', 'metadata/', 'data/x', 'metadata/x'].some(
    (tail) => !capabilities(key + tail).includes('deny'),
  )
}

function handleCapabilities(
  { body }: AuthenticatedRequest,
  capabilities: (path: string) => Capability[],
): VaultResponse {
  const paths: string[] = body.paths ?? (body.path ? [body.path] : [])
  const data = Object.fromEntries(paths.map((path) => [path, capabilities(path)]))
  const single = paths.length === 1 ? { capabilities: data[paths[0]!] } : {}
  return listing({ ...data, ...single })
}
