/** Whether a canary's ReplicaSets are where its steps want them. */
import type { RolloutPlan } from '../plan.ts'
import { specReplicas, statusReplicas, totalStatus } from '../replica-sets.ts'
import { isProgressed } from '../replicas/threshold.ts'
import { isTrafficRouted } from '../spec.ts'
import type { TrafficWeights } from '../types.ts'
import { canaryCounts } from './counts.ts'

/** Canary pods are available; stable pods exist; without a router nothing else serves traffic. */
export function hasCanaryCounts(plan: RolloutPlan, weights: TrafficWeights | undefined): boolean {
  const { rollout, newSet, stableSet, otherSets } = plan
  const { canary, stable } = canaryCounts(plan, weights)
  const { replicaProgressThreshold, dynamicStableScale } = rollout.spec.strategy.canary
  const routed = isTrafficRouted(rollout)
  if (!isProgressed(replicaProgressThreshold, newSet, canary)) return false
  if (!(routed && dynamicStableScale)) {
    if (!stableSet || specReplicas(stableSet) !== stable || statusReplicas(stableSet) !== stable) return false
  }
  return routed || totalStatus(otherSets, 'availableReplicas') === 0
}
