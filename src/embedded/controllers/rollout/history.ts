/** Old ReplicaSets beyond revisionHistoryLimit are deleted, with their AnalysisRuns and Experiments. */
import { REPLICA_SETS } from '../shared/resources.ts'
import { ANALYSIS_RUNS, EXPERIMENTS } from './names.ts'
import type { RolloutPlan } from './plan.ts'
import { byCreation, hashOf, specReplicas, statusReplicas } from './replica-sets.ts'
import { revisionHistoryLimit } from './spec.ts'

/** Plans the deletions, oldest first; one that still has replicas, or that nobody observed, stays. */
export function cleanUpHistory(plan: RolloutPlan): void {
  const alive = plan.otherSets.filter((replicaSet) => !replicaSet.metadata.deletionTimestamp)
  const excess = alive.length - revisionHistoryLimit(plan.rollout)
  for (const replicaSet of alive.toSorted(byCreation).slice(0, Math.max(0, excess))) {
    const { generation = 0, namespace, name } = replicaSet.metadata
    const observed = generation <= (replicaSet.status?.observedGeneration ?? 0)
    if (specReplicas(replicaSet) !== 0 || statusReplicas(replicaSet) !== 0 || !observed) continue
    plan.changes.push({ verb: 'delete', resource: REPLICA_SETS, namespace, name })
    for (const [resource, objects] of [
      [ANALYSIS_RUNS, plan.runs.others],
      [EXPERIMENTS, plan.experiments],
    ] as const) {
      for (const { metadata } of objects.filter((one) => hashOf(one) === hashOf(replicaSet))) {
        if (metadata.deletionTimestamp) continue
        plan.changes.push({ verb: 'delete', resource, namespace, name: metadata.name })
      }
    }
  }
}
