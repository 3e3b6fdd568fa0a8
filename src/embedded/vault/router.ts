/** From an operation on a path to the engine that answers it, through token and policy. */
import { loginAppRole, manageAppRole } from './approle.ts'
import { handleKv1 } from './kv1.ts'
import { handleKv2 } from './kv2-api.ts'
import { type Capability, capabilitiesOn, type PathRule, parsePolicy } from './policy.ts'
import {
  type AuthenticatedRequest,
  noHandler,
  notAllowed,
  type Operation,
  permissionDenied,
  VaultError,
  type VaultRequest,
  type VaultResponse,
} from './request.ts'
import type { KvMount, Token, VaultState } from './state.ts'
import { handleSys, handleUnauthenticatedSys } from './sys-api.ts'
import { handleToken } from './token-api.ts'
import { dropExpired, findToken, spendUse } from './tokens.ts'
import { loginUserpass, manageUserpass } from './userpass.ts'

/** Answers one request against `state`, which it changes. Refusals throw VaultError. */
export function handle(state: VaultState, request: VaultRequest, now: number): VaultResponse {
  const open = handleUnauthenticatedSys(state, request.path, now) ?? login(state, request, now)
  if (open) return open
  dropExpired(state, now)
  const authenticated = authenticate(state, request, now)
  authorize(state, authenticated)
  spendUse(state, authenticated.token)
  return dispatch(state, authenticated, now)
}

function login(state: VaultState, request: VaultRequest, now: number): VaultResponse | undefined {
  if (request.operation !== 'update') return undefined
  const found = mountOf(state.auths, request.path.replace(/^auth\//, ''))
  if (!found || !request.path.startsWith('auth/')) return undefined
  const { key, mount, rest } = found
  if (mount.type === 'approle' && rest === 'login') {
    return loginAppRole(state, mount.roles, key, request.body, now)
  }
  if (mount.type === 'userpass' && rest.startsWith('login/')) {
    return loginUserpass(state, mount.users, key, rest.slice('login/'.length), request.body, now)
  }
  return undefined
}

function authenticate(state: VaultState, request: VaultRequest, now: number): AuthenticatedRequest {
  if (!request.clientToken) throw permissionDenied()
  const token = findToken(state, request.clientToken, now)
  if (!token) throw new VaultError(403, ['2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'])
  return { ...request, token, clientToken: request.clientToken }
}

/** Paths that any valid token may ask: their answers are filtered by what it may see. */
const OPEN_TO_TOKENS = /^sys\/internal\/ui\/(mounts|resultant-acl)/

function authorize(state: VaultState, request: AuthenticatedRequest): void {
  if (OPEN_TO_TOKENS.test(request.path)) return
  const path = request.operation === 'list' ? `${request.path}/` : request.path
  const allowed = capabilitiesOf(state, request.token, path)
  if (!allowed.includes(neededCapability(state, request))) throw notAllowed()
}

function neededCapability(state: VaultState, request: AuthenticatedRequest): Capability {
  const plain: Record<Operation, Capability> = {
    read: 'read',
    list: 'list',
    update: 'update',
    patch: 'patch',
    delete: 'delete',
  }
  if (request.operation !== 'update') return plain[request.operation]
  return isNew(state, request.path) ? 'create' : 'update'
}

/** Engines that can tell: a write of what does not exist yet needs `create`. */
function isNew(state: VaultState, path: string): boolean {
  const found = mountOf(state.mounts, path)
  if (!found) return false
  const { mount, rest } = found
  if (mount.version === 1) return !(rest in mount.secrets)
  const [endpoint, ...name] = rest.split('/')
  return (endpoint === 'data' || endpoint === 'metadata') && !(name.join('/') in mount.secrets)
}

function capabilitiesOf(state: VaultState, token: Token, path: string): Capability[] {
  if (token.policies.includes('root')) {
    return ['create', 'read', 'update', 'patch', 'delete', 'list', 'sudo']
  }
  const rules: PathRule[] = token.policies.flatMap((name) => parsePolicy(state.policies[name] ?? ''))
  return capabilitiesOn(rules, path)
}

function dispatch(state: VaultState, request: AuthenticatedRequest, now: number): VaultResponse {
  const { path, token } = request
  if (path.startsWith('sys/')) {
    return handleSys(state, path.slice('sys/'.length), request, (asked) =>
      token.policies.includes('root') ? ['root'] : capabilitiesOf(state, token, asked),
    )
  }
  if (path.startsWith('auth/')) return dispatchAuth(state, path.slice('auth/'.length), request, now)
  const found = mountOf(state.mounts, path)
  if (!found) throw noHandler(path)
  return dispatchKv(found.mount, found.rest, request, now)
}

function dispatchKv(mount: KvMount, path: string, request: VaultRequest, now: number): VaultResponse {
  return mount.version === 2 ? handleKv2(mount, path, request, now) : handleKv1(mount, path, request)
}

function dispatchAuth(
  state: VaultState,
  path: string,
  request: AuthenticatedRequest,
  now: number,
): VaultResponse {
  const found = mountOf(state.auths, path)
  if (!found) throw noHandler(`auth/${path}`)
  const { mount, rest } = found
  switch (mount.type) {
    case 'token':
      return handleToken(state, rest, request, now)
    case 'approle':
      return manageAppRole(mount.roles, rest, request, now)
    case 'userpass':
      return manageUserpass(mount.users, rest, request)
  }
}

/** The mount with the longest path that `path` lies under. */
function mountOf<Mount>(
  mounts: Record<string, Mount>,
  path: string,
): { key: string; mount: Mount; rest: string } | undefined {
  const key = Object.keys(mounts)
    .filter((candidate) => `${path}/`.startsWith(candidate))
    .sort((a, b) => b.length - a.length)[0]
  if (key === undefined) return undefined
  return { key, mount: mounts[key]!, rest: path.slice(key.length) }
}
