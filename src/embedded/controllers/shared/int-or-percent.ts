/** Numbers that may be written as a percentage: maxSurge, maxUnavailable, minAvailable. */

/** The number, or that share of `total` rounded up or down. Answers undefined for text that is no percentage. */
export function resolveIntOrPercent(
  value: number | string,
  total: number,
  round: 'up' | 'down',
): number | undefined {
  if (typeof value === 'number') return value
  const match = /^(\d+)%$/.exec(value)
  if (!match) return undefined
  const share = (Number(match[1]) * total) / 100
  return round === 'up' ? Math.ceil(share) : Math.floor(share)
}
