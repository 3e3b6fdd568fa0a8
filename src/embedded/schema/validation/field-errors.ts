/** Makers of field errors, with the detail texts of apimachinery's pkg/util/validation/field. */
import type { FieldError } from '../types.ts'

export function required(field: string, detail = ''): FieldError {
  return { type: 'Required', field, detail }
}

export function invalid(field: string, badValue: unknown, detail: string): FieldError {
  return { type: 'Invalid', field, detail, badValue }
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: 'Forbidden', field, detail }
}

export function duplicate(field: string, badValue: unknown): FieldError {
  return { type: 'Duplicate', field, detail: '', badValue }
}

export function notFound(field: string, badValue: unknown): FieldError {
  return { type: 'NotFound', field, detail: '', badValue }
}

/** `supported values: "A", "B"`, the values sorted as upstream prints its sets. */
export function notSupported(field: string, badValue: unknown, supported: readonly unknown[]): FieldError {
  const quoted = supported.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value)))
  return { type: 'NotSupported', field, detail: `supported values: ${quoted.join(', ')}`, badValue }
}

export function tooLong(field: string, badValue: unknown, bytes: number): FieldError {
  return { type: 'TooLong', field, detail: `may not be more than ${bytes} bytes`, badValue }
}

/** `badValue` is the number of items there are. */
export function tooMany(field: string, count: number, most: number): FieldError {
  return { type: 'TooMany', field, detail: `must have at most ${most} items`, badValue: count }
}

/** The same value on update as before. */
export function immutable(field: string, badValue: unknown, detail = 'field is immutable'): FieldError {
  return invalid(field, badValue, detail)
}
