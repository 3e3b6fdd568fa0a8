/** Deep equality of JSON values. */
import { isObject } from './schema.ts'

/** Semantic equality as the API server compares specs: a missing field equals an absent one, list order counts. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, position) => equalJson(item, b[position]))
  }
  if (!isObject(a) || !isObject(b)) return false
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const name of names) if (!equalJson(a[name], b[name])) return false
  return true
}
