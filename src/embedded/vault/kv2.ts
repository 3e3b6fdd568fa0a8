/** The KV v2 engine: versioned secrets with check-and-set, soft deletion, destruction and metadata. */
import { parseGoDuration } from '../../lib/go-duration.ts'
import { badRequest, notFound } from './request.ts'
import type { Kv2Mount, Kv2Secret, Kv2Version } from './state.ts'

/** Versions kept where neither the secret nor the engine says otherwise. */
const DEFAULT_MAX_VERSIONS = 10

export function newKv2Mount(): Kv2Mount {
  return { version: 2, config: { maxVersions: 0, casRequired: false, deleteVersionAfter: '0s' }, secrets: {} }
}

/** The secret, or Vault's 404. */
export function kv2Secret(mount: Kv2Mount, path: string): Kv2Secret {
  const secret = mount.secrets[path]
  if (!secret) throw notFound()
  return secret
}

/** Makes a secret that has metadata and no version yet. */
export function ensureSecret(mount: Kv2Mount, path: string, now: number): Kv2Secret {
  mount.secrets[path] ??= {
    createdMs: now,
    updatedMs: now,
    currentVersion: 0,
    oldestVersion: 0,
    maxVersions: 0,
    casRequired: false,
    deleteVersionAfter: '0s',
    customMetadata: null,
    versions: {},
  }
  return mount.secrets[path]
}

/**
 * Writes the next version. `cas` must equal the current version when given (0 = must not exist) and must be
 * given when the engine or the secret asks for it.
 */
export function writeVersion(
  mount: Kv2Mount,
  path: string,
  data: Record<string, unknown>,
  cas: unknown,
  now: number,
): Kv2Secret {
  const existing = mount.secrets[path]
  checkAndSet(mount, existing, cas)
  const secret = ensureSecret(mount, path, now)
  const lifetime =
    parseGoDuration(secret.deleteVersionAfter) || parseGoDuration(mount.config.deleteVersionAfter) || 0
  secret.currentVersion++
  secret.updatedMs = now
  secret.versions[secret.currentVersion] = {
    createdMs: now,
    destroyed: false,
    data: structuredClone(data),
    ...(lifetime > 0 ? { deletedMs: now + lifetime } : {}),
  }
  dropOldVersions(mount, secret)
  return secret
}

function checkAndSet(mount: Kv2Mount, secret: Kv2Secret | undefined, cas: unknown): void {
  if (cas === undefined || cas === null) {
    if (mount.config.casRequired || secret?.casRequired) {
      throw badRequest('check-and-set parameter required for this call')
    }
    return
  }
  if (Number(cas) !== (secret?.currentVersion ?? 0)) {
    throw badRequest('check-and-set parameter did not match the current version')
  }
}

function dropOldVersions(mount: Kv2Mount, secret: Kv2Secret): void {
  const keep = secret.maxVersions || mount.config.maxVersions || DEFAULT_MAX_VERSIONS
  for (const number of Object.keys(secret.versions).map(Number)) {
    if (number <= secret.currentVersion - keep) delete secret.versions[number]
  }
  const oldest = Math.min(...Object.keys(secret.versions).map(Number))
  secret.oldestVersion = oldest > 1 ? oldest : 0
}

/** The data of one version with its metadata; `data` is null when it is deleted or destroyed. */
export function readVersion(
  secret: Kv2Secret,
  version: number,
  now: number,
): { data: Record<string, unknown> | null; metadata: Record<string, unknown> } {
  const number = version || secret.currentVersion
  const found = secret.versions[number]
  if (!found) throw notFound()
  return {
    data: isGone(found, now) ? null : (found.data ?? null),
    metadata: versionMetadata(secret, number),
  }
}

function isGone(version: Kv2Version, now: number): boolean {
  return version.destroyed || (version.deletedMs !== undefined && version.deletedMs <= now)
}

/** `created_time`, `version` and so on of one version, as data reads and writes answer it. */
export function versionMetadata(secret: Kv2Secret, number: number): Record<string, unknown> {
  const version = secret.versions[number]!
  return {
    created_time: new Date(version.createdMs).toISOString(),
    custom_metadata: secret.customMetadata,
    deletion_time: deletionTime(version),
    destroyed: version.destroyed,
    version: number,
  }
}

function deletionTime(version: Kv2Version): string {
  return version.deletedMs === undefined ? '' : new Date(version.deletedMs).toISOString()
}

/** The answer of a metadata read. */
export function secretMetadata(secret: Kv2Secret): Record<string, unknown> {
  return {
    cas_required: secret.casRequired,
    created_time: new Date(secret.createdMs).toISOString(),
    current_version: secret.currentVersion,
    custom_metadata: secret.customMetadata,
    delete_version_after: secret.deleteVersionAfter,
    max_versions: secret.maxVersions,
    oldest_version: secret.oldestVersion,
    updated_time: new Date(secret.updatedMs).toISOString(),
    versions: Object.fromEntries(
      Object.entries(secret.versions).map(([number, version]) => [
        number,
        {
          created_time: new Date(version.createdMs).toISOString(),
          deletion_time: deletionTime(version),
          destroyed: version.destroyed,
        },
      ]),
    ),
  }
}

/** Soft deletion: the data stays and can come back. Versions that do not exist are passed over. */
export function deleteVersions(secret: Kv2Secret, numbers: number[], now: number): void {
  for (const number of numbers) {
    const version = secret.versions[number]
    if (version && !isGone(version, now)) version.deletedMs = now
  }
}

export function undeleteVersions(secret: Kv2Secret, numbers: number[]): void {
  for (const number of numbers) {
    const version = secret.versions[number]
    if (version && !version.destroyed) delete version.deletedMs
  }
}

export function destroyVersions(secret: Kv2Secret, numbers: number[]): void {
  for (const number of numbers) {
    const version = secret.versions[number]
    if (!version) continue
    version.destroyed = true
    delete version.data
  }
}

/** Names directly under `prefix`; folders end with a slash. */
export function listNames(paths: string[], prefix: string): string[] {
  const under = prefix === '' ? '' : `${prefix}/`
  const names = new Set<string>()
  for (const path of paths) {
    if (!path.startsWith(under)) continue
    const rest = path.slice(under.length)
    const slash = rest.indexOf('/')
    names.add(slash < 0 ? rest : rest.slice(0, slash + 1))
  }
  return [...names]
}

/** RFC 7386: null removes, objects merge, all else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  }
  return result
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
