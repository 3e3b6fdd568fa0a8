/** Old ReplicaSets beyond revisionHistoryLimit are deleted. */
import { REPLICA_SETS } from '../shared/resources.ts'
import { revisionOf } from './annotations.ts'
import { UNLIMITED } from './limits.ts'
import { oldReplicaSets, type Plan } from './plan.ts'
import { specReplicas } from './replica-sets.ts'

/** Plans the deletions, oldest revision first; one that still has replicas, or that nobody observed, stays. */
export function cleanUpHistory(plan: Plan): void {
  const limit = plan.deployment.spec.revisionHistoryLimit ?? 10
  if (limit === UNLIMITED) return
  const old = oldReplicaSets(plan).filter((replicaSet) => !replicaSet.metadata.deletionTimestamp)
  const excess = old
    .toSorted((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, Math.max(0, old.length - limit))
  for (const replicaSet of excess) {
    const { generation = 0, namespace, name } = replicaSet.metadata
    const { replicas = 0, observedGeneration = 0 } = replicaSet.status ?? {}
    if (replicas !== 0 || specReplicas(replicaSet) !== 0 || generation > observedGeneration) continue
    plan.changes.push({ verb: 'delete', resource: REPLICA_SETS, namespace, name })
    plan.replicaSets = plan.replicaSets.filter((other) => other !== replicaSet)
  }
}
