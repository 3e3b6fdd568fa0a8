/** rollbackWindow: going back to a recent revision skips steps, pauses and analysis. */
import type { RolloutPlan } from './plan.ts'

/** The new ReplicaSet is older than the stable one, with fewer than `revisions` made between the two. */
export function isRollbackWithinWindow({ rollout, newSet, stableSet, replicaSets }: RolloutPlan): boolean {
  const revisions = rollout.spec.rollbackWindow?.revisions ?? 0
  if (!stableSet || revisions <= 0) return false
  const [from, to] = [newSet, stableSet].map(({ metadata }) => Date.parse(metadata.creationTimestamp))
  if (from! >= to!) return false
  const between = replicaSets.filter(({ metadata }) => {
    const created = Date.parse(metadata.creationTimestamp)
    return created > from! && created < to!
  })
  return between.length < revisions
}
