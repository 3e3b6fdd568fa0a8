/** Sizes of a canary's ReplicaSets: one of them changes in a pass, the stable one first. */

import type { KubeObject } from '../../../objects.ts'
import { isHalted, type RolloutPlan } from '../plan.ts'
import {
  availableReplicas,
  byCreation,
  byRevisionDescending,
  hashOf,
  scaleDownDeadline,
  specReplicas,
} from '../replica-sets.ts'
import { maxUnavailable } from '../replicas/limits.ts'
import { scaleReplicaSet } from '../scale.ts'
import { delayedSize, type Kept, removeScaleDownDeadlines, scaleNewReplicaSet } from '../scale-down-delay.ts'
import { findService, selectedHash } from '../services/switch.ts'
import { desiredReplicas, isTrafficRouted } from '../spec.ts'
import { isPromoted } from '../status/progress.ts'
import { canaryCounts } from './counts.ts'

/** Answers whether a ReplicaSet was resized: the rest waits for the next pass, which sees what became of it. */
export function reconcileCanaryReplicaSets(plan: RolloutPlan): boolean {
  if (isHalted(plan)) return false
  removeScaleDownDeadlines(plan)
  return scaleStable(plan) || scaleNew(plan) || scaleOthers(plan)
}

function scaleStable(plan: RolloutPlan): boolean {
  const { stableSet, newSet, before } = plan
  if (!stableSet || stableSet === newSet) return false
  // The weights of the pass before: pods follow traffic, not the other way round.
  const { stable } = canaryCounts(plan, before.canary?.weights)
  return scaleReplicaSet(plan, stableSet, stable)
}

function scaleNew(plan: RolloutPlan): boolean {
  return scaleNewReplicaSet(plan, canaryCounts(plan, plan.weights).canary)
}

function scaleOthers(plan: RolloutPlan): boolean {
  const others = plan.otherSets.filter((replicaSet) => specReplicas(replicaSet) > 0)
  if (others.length === 0) return false
  const cleaned = removeUnhealthy(plan, others)
  const minAvailable = desiredReplicas(plan.rollout) - maxUnavailable(plan.rollout)
  const budget = remainingAvailable(plan.replicaSets) - minAvailable
  return removeAvailable(plan, others, budget) || cleaned
}

/** Available pods without those that are told to go, which a status may count for a moment longer. */
function remainingAvailable(replicaSets: KubeObject[]): number {
  return replicaSets.reduce((sum, one) => sum + Math.min(availableReplicas(one), specReplicas(one)), 0)
}

/** Old pods that are not available serve nobody: they go first, so that they cannot block the rollout. */
function removeUnhealthy(plan: RolloutPlan, others: KubeObject[]): boolean {
  let removed = false
  for (const replicaSet of others.toSorted(byCreation)) {
    const available = availableReplicas(replicaSet)
    if (specReplicas(replicaSet) > available)
      removed = scaleReplicaSet(plan, replicaSet, available) || removed
  }
  return removed
}

function removeAvailable(plan: RolloutPlan, others: KubeObject[], budget: number): boolean {
  const routed = isTrafficRouted(plan.rollout)
  const kept: Kept = { count: 0 }
  let left = budget
  let removed = false
  for (const replicaSet of others.toSorted(byRevisionDescending)) {
    const size = specReplicas(replicaSet)
    if (left <= 0) break
    if (size === 0 || (routed && isReferenced(plan, replicaSet))) continue
    const next = routed ? routedSize(plan, replicaSet, kept) : Math.max(0, size - left)
    if (next === size) continue
    removed = scaleReplicaSet(plan, replicaSet, next) || removed
    left -= size - next
  }
  return removed
}

/** Behind a router, the former stable ReplicaSet keeps its pods for the delay; what was in between goes. */
function routedSize(plan: RolloutPlan, replicaSet: KubeObject, kept: Kept): number {
  const former = isPromoted(plan.before) || scaleDownDeadline(replicaSet) !== undefined
  if (!former || plan.rollout.spec.strategy.canary.dynamicStableScale) return 0
  return delayedSize(plan, replicaSet, kept, specReplicas(replicaSet))
}

/** Something still sends traffic to it. */
function isReferenced(plan: RolloutPlan, replicaSet: KubeObject): boolean {
  const { stableRS, currentPodHash, canary } = plan.before
  const { stableService, canaryService } = plan.rollout.spec.strategy.canary
  return [
    stableRS,
    currentPodHash,
    canary?.weights?.canary.podTemplateHash,
    canary?.weights?.stable.podTemplateHash,
    selectedHash(findService(plan, stableService)),
    selectedHash(findService(plan, canaryService)),
  ].includes(hashOf(replicaSet))
}
