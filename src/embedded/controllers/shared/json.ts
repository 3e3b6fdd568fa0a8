/** Comparing and copying plain JSON values. */

/** Deep equality as the store sees it: it keeps no field that is `undefined` or null, so both are absent ones. */
export function sameJson(a: unknown, b: unknown): boolean {
  const left = a ?? undefined
  const right = b ?? undefined
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object') return false
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => sameJson(item, right[index]))
  }
  const [before, after] = [left, right] as Record<string, unknown>[]
  return (
    Object.keys(before!).every((key) => sameJson(before![key], after![key])) &&
    Object.keys(after!).every((key) => key in before! || (after![key] ?? undefined) === undefined)
  )
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
