/** Removing fields from an object by JSON pointer, and putting back what was removed. */
import { clone, isRecord } from '../../../store/json.ts'

/** A copy without the field that an RFC 6901 pointer names; the object itself when there is none. */
export function removePointer<T>(object: T, pointer: string): T {
  const path = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  return path.length === 0 ? object : (without(object, path) as T)
}

function without(value: unknown, [first, ...rest]: string[]): unknown {
  if (Array.isArray(value)) {
    const at = Number(first)
    if (!Number.isInteger(at) || at < 0 || at >= value.length) return value
    return rest.length === 0 ? value.toSpliced(at, 1) : value.with(at, without(value[at], rest))
  }
  if (!isRecord(value) || first === undefined || !Object.hasOwn(value, first)) return value
  if (rest.length > 0) return { ...value, [first]: without(value[first], rest) }
  const { [first]: _, ...others } = value
  return others
}

/**
 * `target` with the values that were removed from `live` to make `bare`: with RespectIgnoreDifferences a sync
 * writes the ignored fields as they are.
 */
export function restoreRemoved(live: unknown, bare: unknown, target: unknown): unknown {
  if (Array.isArray(live)) {
    if (!Array.isArray(bare) || bare.length !== live.length) return clone(live)
    if (!Array.isArray(target) || target.length !== live.length) return target
    return target.map((item, at) => restoreRemoved(live[at], bare[at], item))
  }
  if (!isRecord(live) || !isRecord(bare) || !isRecord(target)) return target
  const result: Record<string, unknown> = { ...target }
  for (const [field, value] of Object.entries(live)) {
    if (!Object.hasOwn(bare, field)) result[field] = clone(value)
    else if (Object.hasOwn(target, field)) result[field] = restoreRemoved(value, bare[field], target[field])
  }
  return result
}
