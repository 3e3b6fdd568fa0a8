/** Tokens: made, found, renewed, revoked; they end with their time to live or with their parent. */
import { createHash, randomBytes } from 'node:crypto'
import { badRequest, VaultError } from './request.ts'
import type { Token, VaultState } from './state.ts'

/** System-wide default and maximum lease, in seconds: 32 days. */
export const MAX_TTL = 2_764_800

export interface TokenSpec {
  /** Generated when absent. */
  id?: string
  policies: string[]
  displayName: string
  path: string
  meta?: Record<string, string> | null
  /** Seconds; 0 or absent = the system's default. */
  ttl?: number
  explicitMaxTtl?: number
  period?: number
  renewable?: boolean
  orphan?: boolean
  numUses?: number
  parent?: string
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Tokens are looked up by hash, so the state holds none in clear. */
export function findToken(state: VaultState, id: string, now: number): Token | undefined {
  const token = state.tokens[sha256(id)]
  return token && !isExpired(token, now) ? token : undefined
}

const isExpired = (token: Token, now: number) => token.expiresMs !== undefined && token.expiresMs <= now

/** Makes a token; root tokens never expire. */
export function issueToken(state: VaultState, spec: TokenSpec, now: number): { id: string; token: Token } {
  const id = spec.id ?? `hvs.${randomBytes(24).toString('base64url')}`
  if (state.tokens[sha256(id)]) throw badRequest('cannot create a token with a duplicate ID')
  const root = spec.policies.includes('root')
  const ttl =
    root && !spec.ttl ? 0 : Math.min(spec.period || spec.ttl || MAX_TTL, spec.explicitMaxTtl || MAX_TTL)
  const token: Token = {
    accessor: randomBytes(18).toString('base64url'),
    policies: root ? ['root'] : [...new Set(spec.policies)].sort(),
    displayName: spec.displayName,
    path: spec.path,
    meta: spec.meta ?? null,
    createdMs: now,
    ttl,
    ...(ttl > 0 ? { expiresMs: now + ttl * 1000 } : {}),
    explicitMaxTtl: spec.explicitMaxTtl ?? 0,
    ...(spec.period ? { period: spec.period } : {}),
    renewable: ttl > 0 && spec.renewable !== false,
    orphan: spec.orphan ?? false,
    numUses: spec.numUses ?? 0,
    type: 'service',
    ...(spec.parent ? { parent: spec.parent } : {}),
  }
  state.tokens[sha256(id)] = token
  return { id, token }
}

/** Extends a token by `increment` seconds (its period or own ttl when 0). */
export function renewToken(token: Token, increment: number, now: number): void {
  if (!token.renewable) throw badRequest('invalid lease ID')
  const ttl = token.period ?? (increment > 0 ? Math.min(increment, MAX_TTL) : token.ttl)
  const limit =
    token.explicitMaxTtl > 0 ? token.createdMs + token.explicitMaxTtl * 1000 : Number.POSITIVE_INFINITY
  token.expiresMs = Math.min(now + ttl * 1000, limit)
}

/** Revokes a token and everything made with it (orphans live on). */
export function revokeToken(state: VaultState, token: Token): void {
  for (const [hash, other] of Object.entries(state.tokens)) {
    if (other === token) delete state.tokens[hash]
  }
  for (const child of Object.values(state.tokens)) {
    if (child.parent === token.accessor) revokeToken(state, child)
  }
}

/** Counts a use of a limited token; the last use ends it. */
export function spendUse(state: VaultState, token: Token): void {
  if (token.numUses === 0) return
  token.numUses--
  if (token.numUses === 0) revokeToken(state, token)
}

export function dropExpired(state: VaultState, now: number): void {
  for (const token of Object.values(state.tokens)) {
    if (isExpired(token, now)) revokeToken(state, token)
  }
}

/** What a lookup answers. `id` is '' for lookups by accessor. */
export function describeToken(token: Token, id: string, now: number): Record<string, unknown> {
  const expires = token.expiresMs
  return {
    accessor: token.accessor,
    creation_time: Math.floor(token.createdMs / 1000),
    creation_ttl: token.ttl,
    display_name: token.displayName,
    entity_id: '',
    expire_time: expires === undefined ? null : new Date(expires).toISOString(),
    explicit_max_ttl: token.explicitMaxTtl,
    id,
    ...(expires === undefined ? {} : { issue_time: new Date(token.createdMs).toISOString() }),
    meta: token.meta,
    num_uses: token.numUses,
    orphan: token.orphan,
    path: token.path,
    ...(token.period ? { period: token.period } : {}),
    policies: token.policies,
    ...(expires === undefined ? {} : { renewable: token.renewable }),
    ttl: expires === undefined ? 0 : Math.max(0, Math.floor((expires - now) / 1000)),
    type: token.type,
  }
}

/** The `auth` block of a login, a creation or a renewal. */
export function authBlock(token: Token, id: string, now: number): Record<string, unknown> {
  return {
    client_token: id,
    accessor: token.accessor,
    policies: token.policies,
    token_policies: token.policies,
    metadata: token.meta,
    lease_duration: token.expiresMs === undefined ? 0 : Math.floor((token.expiresMs - now) / 1000),
    renewable: token.renewable,
    entity_id: '',
    token_type: token.type,
    orphan: token.orphan,
    mfa_requirement: null,
    num_uses: token.numUses,
  }
}

export function findByAccessor(state: VaultState, accessor: string): Token {
  const token = Object.values(state.tokens).find((candidate) => candidate.accessor === accessor)
  if (!token) throw new VaultError(403, ['invalid accessor'])
  return token
}
