/** Between ordinary JavaScript data (as JSON.parse gives it) and Go values. */

import { jsonFields, requireFinite } from './json.ts'
import { type GoMap, Int, Struct } from './value.ts'

/** Objects become maps, recursively; undefined members are left out. */
export function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPlain)
  if (value === undefined) return null
  if (typeof value === 'bigint') return new Int('int64', value)
  if (typeof value !== 'object' || value === null) return value
  if (
    value instanceof Map ||
    value instanceof Int ||
    value instanceof Struct ||
    value instanceof Uint8Array
  ) {
    return value
  }
  return mapFromPlain(value as Record<string, unknown>)
}

export function mapFromPlain(object: Record<string, unknown>): GoMap {
  const map: GoMap = new Map()
  for (const [key, member] of Object.entries(object)) {
    if (member !== undefined) map.set(key, fromPlain(member))
  }
  return map
}

/** The inverse: what JSON.parse would give for the value's JSON form. Throws a JsonError for what has none. */
export function toPlain(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'number') requireFinite(value)
  if (typeof value !== 'object') return value
  if (value instanceof Int) return Number(value.value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(toPlain)
  const entries = value instanceof Map ? [...value] : value instanceof Struct ? jsonFields(value) : []
  const out: Record<string, unknown> = {}
  for (const [key, member] of entries) {
    // Plain assignment to this one name would set the object's prototype instead.
    if (key === '__proto__') Object.defineProperty(out, key, { value: toPlain(member), enumerable: true })
    else out[key] = toPlain(member)
  }
  return out
}

/** A copy that shares nothing with the original (copystructure.Copy). */
export function deepCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepCopy)
  if (value instanceof Map) {
    const map: GoMap = new Map()
    for (const [key, member] of value) map.set(key, deepCopy(member))
    return map
  }
  return value
}
