/** Checks of ConfigMaps and Secrets. */
import { type Loose, struct } from '../defaults/fill.ts'
import { equalJson } from '../equal.ts'
import { key } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { forbidden, immutable, invalid, required, tooLong } from './field-errors.ts'
import { configKey } from './names.ts'

const MAX_BYTES = 1024 * 1024

/** What a Secret of each type must hold. */
const NEEDED_KEYS: Record<string, string[]> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
}

export function configMapErrors(map: Loose, old?: Loose): FieldError[] {
  const data = struct(map, 'data') ?? {}
  const binary = struct(map, 'binaryData') ?? {}
  const errors = [...keyErrors(data, 'data'), ...keyErrors(binary, 'binaryData')]
  for (const name of Object.keys(data)) {
    if (name in binary)
      errors.push(invalid(key('data', name), name, 'duplicate of key present in binaryData'))
  }
  const bytes = sizeOf(data, Buffer.byteLength) + sizeOf(binary, decodedLength)
  if (bytes > MAX_BYTES) errors.push(tooLong('', '', MAX_BYTES))
  return [...errors, ...frozenErrors(map, old, ['data', 'binaryData'])]
}

export function secretErrors(secret: Loose, old?: Loose): FieldError[] {
  const data = struct(secret, 'data') ?? {}
  const errors = keyErrors(data, 'data')
  if (sizeOf(data, decodedLength) > MAX_BYTES) errors.push(tooLong('data', '', MAX_BYTES))
  for (const name of NEEDED_KEYS[secret.type] ?? []) {
    if (data[name] === undefined) errors.push(required(key('data', name)))
  }
  if (secret.type === 'kubernetes.io/basic-auth' && !('username' in data) && !('password' in data)) {
    errors.push(required('data[username]'), required('data[password]'))
  }
  if (secret.type === 'kubernetes.io/dockerconfigjson') errors.push(...jsonErrors(data['.dockerconfigjson']))
  if (secret.type === 'kubernetes.io/service-account-token') {
    const annotation = 'kubernetes.io/service-account.name'
    if (!secret.metadata.annotations?.[annotation])
      errors.push(required(key('metadata.annotations', annotation)))
  }
  if (old && old.type !== secret.type) errors.push(immutable('type', secret.type))
  return [...errors, ...frozenErrors(secret, old, ['data'])]
}

function keyErrors(data: Loose, path: string): FieldError[] {
  return Object.keys(data).flatMap((name) =>
    configKey(name).map((problem) => invalid(key(path, name), name, problem)),
  )
}

function jsonErrors(encoded: unknown): FieldError[] {
  if (typeof encoded !== 'string') return []
  try {
    JSON.parse(Buffer.from(encoded, 'base64').toString())
    return []
  } catch (thrown) {
    // The value is a credential: never echoed.
    return [invalid('data[.dockerconfigjson]', '<secret contents redacted>', (thrown as Error).name)]
  }
}

function sizeOf(data: Loose, length: (text: string) => number): number {
  return Object.values(data).reduce((total: number, value) => total + length(String(value)), 0)
}

function decodedLength(base64: string): number {
  return Buffer.byteLength(base64, 'base64')
}

function frozenErrors(object: Loose, old: Loose | undefined, fields: string[]): FieldError[] {
  if (!old?.immutable) return []
  const errors: FieldError[] = []
  const detail = 'field is immutable when `immutable` is set'
  if (!object.immutable) errors.push(forbidden('immutable', detail))
  for (const field of fields) if (!equalJson(object[field], old[field])) errors.push(forbidden(field, detail))
  return errors
}
