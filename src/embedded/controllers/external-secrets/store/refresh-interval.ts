/** How often a store is validated again. */
import { parseGoDuration } from '../../../../lib/go-duration.ts'

/** `--store-requeue-interval`. */
const DEFAULT_MS = 300_000

/** Milliseconds from whole seconds or a Go duration; 0 and absent mean 5 minutes. */
export function storeRefreshMs(interval: number | string | undefined): number {
  if (interval === undefined || interval === '') return DEFAULT_MS
  const numeric = typeof interval === 'number' || /^-?\d+$/.test(interval)
  const ms = numeric ? Number(interval) * 1000 : parseGoDuration(interval as string)
  if (ms === undefined || ms < 0) throw new Error(`invalid refreshInterval ${JSON.stringify(interval)}`)
  return ms || DEFAULT_MS
}
