/** A duration as counts with units, one behind the other: what people and Go write alike (`1h30m`, `1.5s`). */

/** The sum of the parts in milliseconds, `units` telling what each unit is worth; undefined when that is not all. */
export function sumOfParts(text: string, units: Record<string, number>): number | undefined {
  const part = /(\d+\.?\d*|\.\d+)([a-zµμ]+)/y
  let total = 0
  while (part.lastIndex < text.length) {
    const [, count, unit = ''] = part.exec(text) ?? []
    if (!Object.hasOwn(units, unit)) return undefined
    total += Number(count) * units[unit]!
  }
  return total
}
