/** Go's duration strings (`1h30m`, `1m0s`, `300ms`), which Kubernetes operators use for intervals. */
import { sumOfParts } from './duration-parts.ts'

const UNIT_MS = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Milliseconds of a Go duration string, or undefined when Go's time.ParseDuration would refuse it. */
export function parseGoDuration(text: string): number | undefined {
  const match = /^([+-]?)(.+)$/.exec(text)
  if (!match) return undefined
  const [, sign, rest] = match as unknown as [string, string, string]
  if (rest === '0') return 0
  const total = sumOfParts(rest, UNIT_MS)
  return total !== undefined && sign === '-' ? -total : total
}
