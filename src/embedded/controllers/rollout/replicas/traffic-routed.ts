/** Sizes of the two ReplicaSets of a canary whose traffic a router divides: weights do not bind them. */
import type { TrafficWeights } from '../types.ts'
import type { Counts } from './approximate.ts'

export interface RoutedCanary {
  /** spec.replicas of the Rollout. */
  replicas: number
  weight: number
  maxWeight: number
  /** Size that a setCanaryScale step asks for, in pods. */
  canaryReplicas: number | undefined
  dynamicStableScale: boolean
  aborted: boolean
  /** Smallest nonzero size of either side. */
  minPods: number
  /** What the router does now. */
  weights: TrafficWeights | undefined
}

/**
 * Without dynamicStableScale the stable side stays at full size. With it either side follows the larger of
 * the traffic it has and the traffic it is about to get; pods that a step counts get none, so that the stable side
 * stays whole beside them. (CalculateReplicaCountsForTrafficRoutedCanary)
 */
export function trafficRoutedCounts(input: RoutedCanary): Counts {
  const { replicas, weight, maxWeight, weights } = input
  const share = (part: number): number => Math.ceil((part * replicas) / maxWeight)
  const atLeast = (count: number): number => (count === 0 ? 0 : Math.max(count, input.minPods))
  const canary = input.canaryReplicas ?? atLeast(share(weight))
  if (!input.dynamicStableScale) return { canary, stable: replicas }
  const leaving = input.canaryReplicas === undefined ? weight : 0
  const stable = Math.max(share(maxWeight - leaving), share(weights?.stable.weight ?? 0))
  const kept = input.aborted ? share(weights?.canary.weight ?? 0) : 0
  return { canary: atLeast(Math.max(canary, kept)), stable: atLeast(stable) }
}
