/** Deadlines on ReplicaSets that keep their pods for a while after traffic has left them. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import { REPLICA_SETS } from '../shared/resources.ts'
import { SCALE_DOWN_DEADLINE } from './names.ts'
import { isAborted, type RolloutPlan, requeueAfter } from './plan.ts'
import { availableReplicas, scaleDownDeadline, specReplicas } from './replica-sets.ts'
import { annotate, scaleReplicaSet } from './scale.ts'
import {
  abortScaleDownDelaySeconds,
  desiredReplicas,
  isBlueGreen,
  isTrafficRouted,
  scaleDownDelayRevisionLimit,
  scaleDownDelaySeconds,
} from './spec.ts'

/** New and stable ReplicaSets have no deadline: one may have come back within its delay. */
export function removeScaleDownDeadlines(plan: RolloutPlan): void {
  const wanted = new Set([...(delaysOnAbort(plan) ? [] : [plan.newSet]), plan.stableSet])
  for (const replicaSet of wanted) {
    if (replicaSet && scaleDownDeadline(replicaSet) !== undefined) setDeadline(plan, replicaSet, null)
  }
}

/** After an abort the new ReplicaSet keeps its pods for a while. A basic canary has no such delay. */
export function delaysOnAbort(plan: RolloutPlan): boolean {
  const { rollout, stableSet } = plan
  if (!isAborted(plan) || !stableSet) return false
  if (!isBlueGreen(rollout) && !isTrafficRouted(rollout)) return false
  const { canary } = rollout.spec.strategy
  if (abortScaleDownDelaySeconds(rollout) === undefined) return false
  return !canary?.dynamicStableScale || canary.abortScaleDownDelaySeconds !== undefined
}

/**
 * Scales the new ReplicaSet to `size`, or holds it where the abort delay wants it. Answers whether it was
 * resized.
 */
export function scaleNewReplicaSet(plan: RolloutPlan, size: number): boolean {
  const { newSet, stableSet, rollout, now } = plan
  if (!delaysOnAbort(plan)) return scaleReplicaSet(plan, newSet, size)
  const deadline = scaleDownDeadline(newSet)
  if (deadline === undefined) {
    // Not before the stable version can carry everything again.
    if (stableSet && availableReplicas(stableSet) === desiredReplicas(rollout)) {
      const seconds = abortScaleDownDelaySeconds(rollout)!
      setDeadline(plan, newSet, rfc3339(now + seconds * 1000))
      requeueAfter(plan, seconds * 1000)
    }
    return false
  }
  if (deadline > now) {
    requeueAfter(plan, deadline - now)
    return false
  }
  return scaleReplicaSet(plan, newSet, 0, { keepDeadline: true })
}

/** Remembers how many ReplicaSets are kept so far, newest first. */
export interface Kept {
  count: number
}

/** The size that an old ReplicaSet may keep: `size` until its deadline, which it is given here, then 0. */
export function delayedSize(plan: RolloutPlan, replicaSet: KubeObject, kept: Kept, size: number): number {
  const { rollout, now } = plan
  const limit = scaleDownDelayRevisionLimit(rollout)
  const deadline = scaleDownDeadline(replicaSet)
  if (deadline !== undefined) {
    kept.count++
    if (kept.count > limit || !(deadline > now)) return 0
    requeueAfter(plan, deadline - now)
    return size
  }
  if (specReplicas(replicaSet) === 0 || kept.count >= limit) return 0
  kept.count++
  const seconds = scaleDownDelaySeconds(rollout)
  if (seconds > 0) {
    setDeadline(plan, replicaSet, rfc3339(now + seconds * 1000))
    requeueAfter(plan, seconds * 1000)
    return specReplicas(replicaSet)
  }
  return 0
}

function setDeadline(plan: RolloutPlan, replicaSet: KubeObject, deadline: string | null): void {
  const annotations = { [SCALE_DOWN_DEADLINE]: deadline }
  annotate(replicaSet, annotations)
  const { namespace, name } = replicaSet.metadata
  plan.changes.push({
    verb: 'patch',
    resource: REPLICA_SETS,
    namespace,
    name,
    patch: { metadata: { annotations } },
  })
}
