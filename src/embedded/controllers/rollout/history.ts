/** Old ReplicaSets beyond revisionHistoryLimit are deleted, with their AnalysisRuns. */
import { REPLICA_SETS } from '../shared/resources.ts'
import { ANALYSIS_RUNS } from './names.ts'
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
    const runs = plan.runs.others.filter((run) => run.metadata.deletionTimestamp === undefined)
    for (const run of runs.filter((one) => hashOf(one) === hashOf(replicaSet))) {
      plan.changes.push({ verb: 'delete', resource: ANALYSIS_RUNS, namespace, name: run.metadata.name })
    }
  }
}
