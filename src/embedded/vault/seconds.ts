/** Vault's TTL fields: seconds as a number or numeric string, or a Go duration. */
import { parseGoDuration } from '../../lib/go-duration.ts'
import { badRequest } from './request.ts'

/** Whole seconds; absent = 0. */
export function seconds(value: unknown): number {
  if (value === undefined || value === null || value === '') return 0
  if (typeof value === 'number') return value
  const text = String(value)
  if (/^\d+$/.test(text)) return Number(text)
  const ms = parseGoDuration(text)
  if (ms === undefined) throw badRequest(`Field validation failed: invalid duration "${text}"`)
  return Math.floor(ms / 1000)
}
