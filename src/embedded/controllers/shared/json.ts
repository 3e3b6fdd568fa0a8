/** Comparing and copying plain JSON values. */
import { isDeepStrictEqual } from 'node:util'

/** Deep equality as JSON sees it: an `undefined` field is the same as an absent one. */
export function sameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(compact(a), compact(b))
}

/** A copy without `undefined` fields: what a JSON round trip would leave. */
export function compact<T>(value: T): T {
  if (Array.isArray(value)) return value.map(compact) as T
  if (value === null || typeof value !== 'object') return value
  const copy: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) copy[key] = compact(field)
  }
  return copy as T
}

/** JSON with keys in order: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, field) =>
    field !== null && typeof field === 'object' && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  )
}
