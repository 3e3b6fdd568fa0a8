/** Several pods, or several looks, may find the same trap. */
import type { Trap } from '../why.ts'

/** The first of each code. */
export function once(traps: Trap[]): Trap[] {
  const seen = new Set<string>()
  return traps.filter(({ code }) => !seen.has(code) && seen.add(code))
}
