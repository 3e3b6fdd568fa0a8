/** Checks of numbers, percentages and quantities that many kinds share. */
import type { FieldError } from '../types.ts'
import { invalid } from './field-errors.ts'

const SUFFIX: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

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

/** A quantity (`100m`, `1Gi`, `1e3`) as a number; NaN when it is none. */
export function quantityValue(quantity: unknown): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    String(quantity),
  )
  if (!match) return Number.NaN
  return match[2] ? Number(match[1] + match[2]) : Number(match[1]) * SUFFIX[match[3] ?? '']!
}
