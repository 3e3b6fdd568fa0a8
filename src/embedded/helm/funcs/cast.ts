/** Loose conversions of any value to a number or text, as spf13/cast and Sprig's strval make them. */
import { fromBytes } from '../go/bytes.ts'
import { valueText } from '../go/format.ts'
import { parseFloat64, parseInt64 } from '../go/strconv.ts'
import { elements, Int, isSlice, kindOf } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'

/** cast.ToInt64: 0 for what is not a number. Floats lose their fraction. */
export function toInt64(value: unknown): bigint {
  if (value instanceof Int) return value.value
  switch (typeof value) {
    case 'number':
      return floatToInt(value)
    case 'boolean':
      return value ? 1n : 0n
    case 'string':
      return parseInt64(value.replace(/\.0+$/, '')) ?? 0n
    default:
      return 0n
  }
}

/** int64(f) as amd64 computes it: out-of-range values become the smallest integer. */
function floatToInt(value: number): bigint {
  const min = -(2n ** 63n)
  if (!Number.isFinite(value)) return min
  const whole = BigInt(Math.trunc(value))
  return BigInt.asIntN(64, whole) === whole ? whole : min
}

/** cast.ToInt64 as a JavaScript number, for counts and positions. */
export function toNumber(value: unknown): number {
  return Number(toInt64(value))
}

/** cast.ToFloat64: 0 for what is not a number. */
export function toFloat64(value: unknown): number {
  if (value instanceof Int) return Number(value.value)
  switch (typeof value) {
    case 'number':
      return value
    case 'boolean':
      return value ? 1 : 0
    case 'string':
      return parseFloat64(value) ?? 0
    default:
      return 0
  }
}

/** Sprig's strval: strings and bytes as they are, everything else as %v prints it. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? fromBytes(value) : valueText(value)
}

/** Sprig's strslice: a list's non-nil elements as text; anything else as a list of one. */
export function toTexts(value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (!isSlice(value)) return [toText(value)]
  return elements(value)
    .filter((item) => item !== null && item !== undefined)
    .map(toText)
}

/** Sprig's empty: the zero value of its type. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false || value === 0) return true
  if (value instanceof Int) return value.value === 0n
  if (value instanceof Map) return value.size === 0
  return isSlice(value) && value.length === 0
}

/** The list's elements, or Sprig's complaint that it is none. */
export function listOf(value: unknown, complaint: string): unknown[] {
  if (isSlice(value)) return elements(value)
  if (value === null || value === undefined) {
    throw new FuncError('runtime error: invalid memory address or nil pointer dereference')
  }
  throw new FuncError(`${complaint} ${kindOf(value)}`)
}
