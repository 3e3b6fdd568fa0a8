/** The merge patch that leads from one value to another. */
import { equal, isRecord } from '../../store/json.ts'

/** RFC 7386; undefined when both are the same. */
export function patchFrom(before: unknown, after: unknown): unknown {
  if (equal(before, after)) return undefined
  if (!isRecord(before) || !isRecord(after)) return after === undefined ? null : after
  const patch: Record<string, unknown> = {}
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = patchFrom(before[field], after[field])
    if (value !== undefined) patch[field] = value
  }
  return patch
}
