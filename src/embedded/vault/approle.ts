/** AppRole: a role id and a secret id are exchanged for a token. */
import { randomUUID } from 'node:crypto'
import {
  badRequest,
  envelope,
  keysEnvelope,
  noContent,
  noHandler,
  notFound,
  type VaultRequest,
  type VaultResponse,
} from './request.ts'
import { seconds } from './seconds.ts'
import type { AppRole, VaultState } from './state.ts'
import { authBlock, issueToken, sha256 } from './tokens.ts'

const INVALID = 'invalid role or secret ID'

type Roles = Record<string, AppRole>

/** POST `login` with `role_id` and `secret_id`. */
export function loginAppRole(
  state: VaultState,
  roles: Roles,
  mount: string,
  body: Record<string, any>,
  now: number,
): VaultResponse {
  if (!body.role_id) throw badRequest('missing role_id')
  const [name, role] = Object.entries(roles).find(([, candidate]) => candidate.roleId === body.role_id) ?? []
  if (!role) throw badRequest(INVALID)
  if (role.bindSecretId) spendSecretId(role, body.secret_id, now)
  const { id, token } = issueToken(
    state,
    {
      policies: [...role.policies, 'default'],
      displayName: mount.replaceAll('/', '-').replace(/-$/, ''),
      path: `auth/${mount}login`,
      meta: { role_name: name! },
      ttl: role.ttl,
      orphan: true,
    },
    now,
  )
  return envelope({ auth: authBlock(token, id, now), mountType: 'approle' })
}

function spendSecretId(role: AppRole, secretId: unknown, now: number): void {
  if (!secretId) throw badRequest('missing secret_id')
  const hash = sha256(String(secretId))
  const found = role.secretIds[hash]
  if (!found || (found.expiresMs !== undefined && found.expiresMs <= now)) throw badRequest(INVALID)
  if (found.usesLeft > 0 && --found.usesLeft === 0) delete role.secretIds[hash]
}

/** `role`, `role/<name>`, `role/<name>/role-id`, `role/<name>/secret-id`. */
export function manageAppRole(roles: Roles, path: string, request: VaultRequest, now: number): VaultResponse {
  const [top, name, sub] = path.split('/')
  if (top !== 'role') throw noHandler(path)
  if (!name) return keysEnvelope(Object.keys(roles), 'approle')
  if (!sub) return manageRole(roles, name, request)
  const role = roles[name]
  if (!role) throw notFound()
  if (sub === 'role-id') return manageRoleId(role, request)
  if (sub === 'secret-id' && request.operation === 'update') return newSecretId(role, request.body, now)
  throw noHandler(path)
}

function manageRole(roles: Roles, name: string, { operation, body }: VaultRequest): VaultResponse {
  if (operation === 'delete') {
    delete roles[name]
    return noContent()
  }
  const existing = roles[name]
  if (operation === 'read') {
    if (!existing) throw notFound()
    const { bindSecretId, policies, ttl } = existing
    return envelope({
      data: { bind_secret_id: bindSecretId, token_policies: policies, token_ttl: ttl },
      mountType: 'approle',
    })
  }
  const policies = body.token_policies ?? body.policies
  roles[name] = {
    roleId: existing?.roleId ?? randomUUID(),
    bindSecretId: body.bind_secret_id ?? existing?.bindSecretId ?? true,
    policies: policies === undefined ? (existing?.policies ?? []) : policyNames(policies),
    ttl: body.token_ttl === undefined ? (existing?.ttl ?? 0) : seconds(body.token_ttl),
    secretIds: existing?.secretIds ?? {},
  }
  return noContent()
}

function manageRoleId(role: AppRole, { operation, body }: VaultRequest): VaultResponse {
  if (operation === 'read') return envelope({ data: { role_id: role.roleId }, mountType: 'approle' })
  if (!body.role_id) throw badRequest('missing role_id')
  role.roleId = String(body.role_id)
  return noContent()
}

function newSecretId(role: AppRole, body: Record<string, any>, now: number): VaultResponse {
  const secretId = randomUUID()
  const accessor = randomUUID()
  const ttl = seconds(body.ttl)
  const uses = Number(body.num_uses ?? 0)
  role.secretIds[sha256(secretId)] = {
    accessor,
    usesLeft: uses,
    ...(ttl > 0 ? { expiresMs: now + ttl * 1000 } : {}),
  }
  return envelope({
    data: { secret_id: secretId, secret_id_accessor: accessor, secret_id_num_uses: uses, secret_id_ttl: ttl },
    mountType: 'approle',
  })
}

/** Policies come as a list or as a comma-separated string. */
export function policyNames(value: unknown): string[] {
  const names = Array.isArray(value) ? value.map(String) : String(value).split(',')
  return names.map((name) => name.trim()).filter(Boolean)
}
