/** How long AnalysisRuns and Experiments of earlier updates are kept. */
import type { KubeObject } from '../../../objects.ts'
import type { RolloutPlan } from '../plan.ts'
import { byCreation, hashOf } from '../replica-sets.ts'
import { isCompleted } from '../status/phase.ts'

/** Those that go: their ReplicaSet is gone, or they have ended and are beyond the history limits of spec.analysis. */
export function historyExcess({ rollout, replicaSets }: RolloutPlan, objects: KubeObject[]): KubeObject[] {
  const { successfulRunHistoryLimit = 5, unsuccessfulRunHistoryLimit = 5 } = rollout.spec.analysis ?? {}
  const hashes = new Set(replicaSets.filter((one) => !one.metadata.deletionTimestamp).map(hashOf))
  const kept = { good: 0, bad: 0 }
  return objects
    .toSorted((a, b) => byCreation(b, a))
    .filter((object) => {
      const { phase } = object.status ?? {}
      const excess =
        isCompleted(phase) &&
        (phase === 'Successful'
          ? ++kept.good > successfulRunHistoryLimit
          : ++kept.bad > unsuccessfulRunHistoryLimit)
      return !object.metadata.deletionTimestamp && (excess || !hashes.has(hashOf(object)))
    })
}
