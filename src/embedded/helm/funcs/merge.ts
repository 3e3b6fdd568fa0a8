/** Sprig's merge and mergeOverwrite: dario.cat/mergo over maps, its treatment of empty values included. */
import type { GoMap } from '../go/value.ts'
import { isEmpty } from './cast.ts'

/**
 * Merges `source` into `target` in place. Without `overwrite`, a key of the target stays unless its value is empty
 * (so false and 0 give way); a nil in the source never lands. With it, the source wins, even with empty values.
 */
export function mergeMaps(target: GoMap, source: GoMap, overwrite: boolean): void {
  const targetWasEmpty = target.size === 0
  for (const [key, value] of [...source]) {
    const known = target.has(key)
    const current = target.get(key)
    if (value === null || value === undefined) {
      if (overwrite) target.set(key, null)
      continue
    }
    if (value instanceof Map && current instanceof Map) {
      mergeMaps(current, value, overwrite)
      if (current.size > 0) continue
    }
    if (Array.isArray(value) && known && !isEmpty(current)) {
      if (overwrite || targetWasEmpty) target.set(key, value)
      continue
    }
    if (overwrite || !known || isEmpty(current)) target.set(key, value)
  }
}
