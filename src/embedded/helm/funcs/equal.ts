/** reflect.DeepEqual. */
import { Int, isNil, Struct, typeOf } from '../go/value.ts'

export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === undefined || a === null || b === undefined || b === null) return (a ?? null) === (b ?? null)
  if (typeOf(a) !== typeOf(b)) return false
  if (a instanceof Int && b instanceof Int) return a.value === b.value
  if (Array.isArray(a) && Array.isArray(b)) {
    return isNil(a) === isNil(b) && a.length === b.length && a.every((item, i) => deepEqual(item, b[i]))
  }
  if (a instanceof Map && b instanceof Map) {
    if (isNil(a) !== isNil(b) || a.size !== b.size) return false
    return [...a].every(([key, item]) => b.has(key) && deepEqual(item, b.get(key)))
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0
  if (a instanceof Struct && b instanceof Struct) {
    return (
      a === b || [...a.fields].every(([name, field]) => deepEqual(field.value, b.fields.get(name)?.value))
    )
  }
  return a === b
}
