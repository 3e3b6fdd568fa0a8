/** How many of n pods come closest to a weight, when pods are all there is to divide traffic by. */

export interface Counts {
  canary: number
  stable: number
}

/**
 * Canary and stable pods whose ratio is nearest to `weight` percent, out of `replicas`, or out of one more
 * when there is a surge. A weight from 1 to 99 keeps a pod on either side wherever two can run; of two
 * equally near counts the larger canary wins. (utils/replicaset/canary.go, approximateWeightedCanaryStableReplicaCounts)
 */
export function approximateCounts(replicas: number, weight: number, surge: number): Counts {
  if (replicas === 0) return { canary: 0, stable: 0 }
  const ceiling = Math.ceil((replicas * weight) / 100)
  const floor = Math.floor((replicas * weight) / 100)
  const zeroAllowed = weight === 0 || weight === 100 || (replicas === 1 && surge === 0)
  const floorAllowed = floor !== 0 || zeroAllowed
  const options: { canary: number; total: number }[] = []
  if (ceiling < replicas || zeroAllowed) options.push({ canary: ceiling, total: replicas })
  if (floorAllowed && !isTied(replicas, weight)) options.push({ canary: floor, total: replicas })
  if (surge > 0) {
    const total = replicas + 1
    options.push({ canary: ceiling, total })
    if (floorAllowed && !isTied(total, weight)) options.push({ canary: floor, total })
  }
  let best: { canary: number; total: number; distance: number } | undefined
  for (const option of options) {
    const distance = Math.abs((option.canary * 100) / option.total - weight)
    if (!best || distance < best.distance) best = { ...option, distance }
  }
  return best ? { canary: best.canary, stable: best.total - best.canary } : { canary: 0, stable: replicas }
}

/** Rounding up and rounding down are equally far from the weight. */
function isTied(total: number, weight: number): boolean {
  return (total * (weight / 100)) % 1 === 0.5
}
