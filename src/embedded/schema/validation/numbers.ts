/** Checks of numbers and percentages that many kinds share. */
import type { FieldError } from '../types.ts'
import { invalid } from './field-errors.ts'

/** Absent and null pass: Go's zero values do too. */
export function nonNegative(value: unknown, path: string): FieldError[] {
  return typeof value === 'number' && value < 0
    ? [invalid(path, value, 'must be greater than or equal to 0')]
    : []
}

/** A count (`3`) or a percentage (`25%`). */
export function intOrPercent(value: unknown, path: string): FieldError[] {
  if (typeof value === 'number') return nonNegative(value, path)
  if (typeof value !== 'string' || /^[0-9]+%$/.test(value)) return []
  const detail =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
  return [invalid(path, value, detail)]
}
