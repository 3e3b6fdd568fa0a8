/** How Argo Rollouts realises a weight by replicas alone, without a traffic router. */

/**
 * Pods of the canary and of the stable version that come nearest to `weight` percent of `replicas`.
 * A surge allows one pod more. The rule of Rollouts' approximateWeightedCanaryStableReplicaCounts: rounding
 * up is tried before rounding down, without the extra pod before with it, and the first of the nearest wins.
 */
export function canaryTargets(
  replicas: number,
  weight: number,
  surge: boolean,
): { canary: number; stable: number } {
  if (replicas === 0) return { canary: 0, stable: 0 }
  const zeroAllowed = weight === 0 || weight === 100 || (replicas === 1 && !surge)
  const exact = (replicas * weight) / 100
  const up = Math.ceil(exact)
  const down = Math.floor(exact)
  let best: { canary: number; stable: number } | undefined
  let distance = Number.POSITIVE_INFINITY
  for (const total of surge ? [replicas, replicas + 1] : [replicas]) {
    const tied = (total * (weight / 100)) % 1 === 0.5
    const candidates = [
      ...(up < total || zeroAllowed ? [up] : []),
      ...(!tied && (down !== 0 || zeroAllowed) ? [down] : []),
    ]
    for (const canary of candidates) {
      const off = Math.abs((100 * canary) / total - weight)
      if (off < distance) {
        distance = off
        best = { canary, stable: total - canary }
      }
    }
  }
  return best ?? { canary: 0, stable: replicas }
}

/** True when strategy.canary.maxSurge (default 25 %) lets one pod more run than asked for: a share is rounded up. */
export function surges(maxSurge: number | string | undefined): boolean {
  return Number.parseInt(String(maxSurge ?? '25%'), 10) > 0
}
