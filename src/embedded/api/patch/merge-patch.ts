/** JSON merge patch (RFC 7386). */
import { clone, isRecord, setField } from '../../store/json.ts'

/** The target with the patch over it: null deletes, objects merge, anything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return clone(patch)
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {}
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field]
    else if (value !== undefined) {
      setField(result, field, mergePatch(Object.hasOwn(result, field) ? result[field] : undefined, value))
    }
  }
  return result
}
