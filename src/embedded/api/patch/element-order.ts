/** The order of a merged list under $setElementOrder. */
import { equal, isRecord } from '../../store/json.ts'

/**
 * Sorts `merged`: items named by `order` stand in that order among themselves; items it does not name (those
 * only the server has) stay behind what preceded them in `live`.
 */
export function byElementOrder(
  merged: unknown[],
  order: unknown[],
  live: unknown[],
  key: string | undefined,
): unknown[] {
  const identity = (item: unknown) => (key !== undefined && isRecord(item) ? item[key] : item)
  const rank = (item: unknown) => order.findIndex((entry) => equal(identity(entry), identity(item)))
  const named = merged.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b))
  const position = (item: unknown) => live.findIndex((other) => equal(identity(other), identity(item)))
  const result: unknown[] = []
  const others = merged.filter((item) => rank(item) < 0)
  for (const item of named) {
    const at = position(item)
    const precedes = (other: unknown) => position(other) >= 0 && position(other) < at
    while (others.length > 0 && precedes(others[0])) result.push(others.shift())
    result.push(item)
  }
  return [...result, ...others]
}
