/** Everything the Vault server knows, as plain JSON: what stop/start and checkpoints keep. */
import { randomUUID } from 'node:crypto'

export interface Token {
  accessor: string
  policies: string[]
  displayName: string
  path: string
  meta: Record<string, string> | null
  createdMs: number
  /** Seconds; 0 = never expires. */
  ttl: number
  /** Absent: never expires. */
  expiresMs?: number
  explicitMaxTtl: number
  /** Seconds; set for periodic tokens. */
  period?: number
  renewable: boolean
  orphan: boolean
  /** 0 = unlimited. */
  numUses: number
  type: 'service'
  /** Accessor of the token that made it: revoked with it. */
  parent?: string
}

export interface MountInfo {
  description: string
  accessor: string
  uuid: string
}

export interface Kv1Mount {
  version: 1
  secrets: Record<string, Record<string, unknown>>
}

export interface Kv2Version {
  createdMs: number
  /** When the version is (or will be) deleted. */
  deletedMs?: number
  destroyed: boolean
  data?: Record<string, unknown>
}

export interface Kv2Secret {
  createdMs: number
  updatedMs: number
  currentVersion: number
  oldestVersion: number
  maxVersions: number
  casRequired: boolean
  /** A Go duration; `0s` = never. */
  deleteVersionAfter: string
  customMetadata: Record<string, string> | null
  versions: Record<number, Kv2Version>
}

export interface Kv2Config {
  maxVersions: number
  casRequired: boolean
  deleteVersionAfter: string
}

export interface Kv2Mount {
  version: 2
  config: Kv2Config
  secrets: Record<string, Kv2Secret>
}

export type KvMount = MountInfo & { type: 'kv' } & (Kv1Mount | Kv2Mount)

export interface AppRole {
  roleId: string
  bindSecretId: boolean
  policies: string[]
  /** Seconds. */
  ttl: number
  /** SHA-256 of the secret id → what it allows. */
  secretIds: Record<string, { accessor: string; expiresMs?: number; usesLeft: number }>
}

export interface User {
  salt: string
  hash: string
  policies: string[]
  ttl: number
}

export type AuthMount = MountInfo &
  (
    | { type: 'token' }
    | { type: 'approle'; roles: Record<string, AppRole> }
    | { type: 'userpass'; users: Record<string, User> }
  )

export interface VaultState {
  clusterId: string
  /** Mount path with a closing slash → engine. */
  mounts: Record<string, KvMount>
  auths: Record<string, AuthMount>
  /** Name → rules in HCL or JSON. */
  policies: Record<string, string>
  /** SHA-256 of the token → token. Tokens themselves are not kept. */
  tokens: Record<string, Token>
}

const DEFAULT_POLICY = `
path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self" { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
path "sys/capabilities-self" { capabilities = ["update"] }
path "sys/internal/ui/resultant-acl" { capabilities = ["read"] }
`

/** A Vault with no engines and only token auth. */
export function emptyState(): VaultState {
  return {
    clusterId: randomUUID(),
    mounts: {},
    auths: { 'token/': { type: 'token', ...newMountInfo('token', 'token based credentials') } },
    policies: { default: DEFAULT_POLICY },
    tokens: {},
  }
}

export function newMountInfo(type: string, description: string): MountInfo {
  return { description, accessor: `${type}_${randomUUID().slice(0, 8)}`, uuid: randomUUID() }
}
