/** The part of the status that all strategies share. */

import { runSummaries } from '../analysis/summaries.ts'
import type { RolloutPlan } from '../plan.ts'
import { hashOf, statusReplicas, totalStatus } from '../replica-sets.ts'
import type { RolloutStatus } from '../types.ts'

/** Counters, hashes and what carries over from the status before. */
export function baseStatus(plan: RolloutPlan): RolloutStatus {
  const { before, newSet, replicaSets, weights } = plan
  const currentPodHash = hashOf(newSet)
  const summaries = runSummaries(plan)
  const experiment = plan.currentExperiment
  const pending = experiment && experiment.status?.phase !== 'Successful'
  return {
    currentPodHash,
    replicas: totalStatus(replicaSets, 'replicas'),
    updatedReplicas: statusReplicas(newSet),
    readyReplicas: totalStatus(replicaSets, 'readyReplicas'),
    stableRS: before.stableRS,
    collisionCount: before.collisionCount,
    conditions: before.conditions ?? [],
    restartedAt: plan.restartedAt,
    promoteFull: before.promoteFull,
    canary: {
      ...summaries.canary,
      ...(pending ? { currentExperiment: experiment.metadata.name } : {}),
      ...(weights ? { weights } : {}),
      ...(before.canary?.stablePingPong ? { stablePingPong: before.canary.stablePingPong } : {}),
    },
    blueGreen: { ...summaries.blueGreen },
  }
}
