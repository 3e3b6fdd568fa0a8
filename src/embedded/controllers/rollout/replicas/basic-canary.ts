/** Sizes of the two ReplicaSets of a canary without a traffic router: one step towards a weight. */
import { approximateCounts, type Counts } from './approximate.ts'

/** Of one ReplicaSet. */
export interface Size {
  /** spec.replicas. */
  spec: number
  /** status.availableReplicas. */
  available: number
}

export interface BasicCanary {
  /** spec.replicas of the Rollout. */
  replicas: number
  /** Percent of pods that should be canaries. */
  weight: number
  /** In pods. */
  surge: number
  unavailable: number
  canary: Size | undefined
  /** Absent when there is no stable ReplicaSet, or when it is the canary. */
  stable: Size | undefined
  /** Sum of spec.replicas of all other ReplicaSets. */
  others: number
}

/**
 * The sizes that may be asked for right now: up as far as the surge allows, stable first; down as far as
 * enough pods stay available. The side that is being left may lose pods that are not available without
 * regard to the budget. Rules and numbers of upstream's CalculateReplicaCountsForBasicCanary.
 */
export function basicCanaryCounts(input: BasicCanary): Counts {
  const { replicas, surge, stable, canary, others } = input
  const target = stable ? approximateCounts(replicas, input.weight, surge) : { canary: replicas, stable: 0 }
  const limit = replicas + surge
  const counts: Counts = { canary: canary?.spec ?? 0, stable: stable?.spec ?? 0 }
  let room = limit - others - counts.canary - counts.stable
  if (stable && stable.spec < target.stable && room > 0) {
    counts.stable = Math.min(target.stable, stable.spec + room)
    room -= counts.stable - stable.spec
  }
  if (canary && canary.spec < target.canary && room > 0) {
    counts.canary = Math.min(target.canary, canary.spec + room)
  }
  // Pods of other ReplicaSets serve traffic too: they go before anything else shrinks.
  if (others > 0) return counts
  const minAvailable = replicas - input.unavailable
  const increasing = !canary || target.canary >= canary.spec
  const removable = countable(canary, !increasing) + countable(stable, increasing) - minAvailable
  if (removable <= 0) return counts
  return increasing
    ? drainStable(counts, target, stable, canary, removable, { limit, minAvailable })
    : drainCanary(counts, target, stable, canary, removable, { limit, minAvailable })
}

interface Bounds {
  limit: number
  minAvailable: number
}

function drainStable(
  counts: Counts,
  target: Counts,
  stable: Size | undefined,
  canary: Size | undefined,
  removable: number,
  bounds: Bounds,
): Counts {
  if (!stable) return counts
  const drained = shrink(stable, counts.stable, target.stable, removable)
  const { drain, keep } = trim(stable, drained, canary, counts.canary, bounds)
  return { canary: keep, stable: drain }
}

function drainCanary(
  counts: Counts,
  target: Counts,
  stable: Size | undefined,
  canary: Size | undefined,
  removable: number,
  bounds: Bounds,
): Counts {
  const drained = shrink(canary, counts.canary, target.canary, removable)
  const { drain, keep } = trim(canary, drained, stable, counts.stable, bounds)
  return { canary: drain, stable: keep }
}

/** Pods that count towards the minimum. A ReplicaSet about to shrink counts as what it will be. */
function countable(size: Size | undefined, ignoreAvailability: boolean): number {
  if (!size) return 0
  return ignoreAvailability || size.spec < size.available ? size.spec : size.available
}

function shrink(size: Size | undefined, count: number, target: number, removable: number): number {
  return size && size.spec > target ? Math.max(target, size.spec - removable) : count
}

/** Fits both sides under the limit without giving up available pods of the side that stays. */
function trim(
  drainSize: Size | undefined,
  drain: number,
  keepSize: Size | undefined,
  keep: number,
  { limit, minAvailable }: Bounds,
): { drain: number; keep: number } {
  if (!keepSize) return { drain, keep }
  const fitted = keep - Math.max(0, keep + drain - limit)
  const available = Math.min(drainSize?.available ?? 0, drain) + Math.min(keepSize.available, fitted)
  const lost = Math.max(0, keepSize.available - fitted)
  const kept = fitted + Math.min(lost, Math.max(0, minAvailable - available))
  return { drain: drain - Math.max(0, kept + drain - limit), keep: kept }
}
