/** The beginning of a pass: roles of the ReplicaSets, and a status to work on. */

import { withoutCondition } from '../shared/conditions.ts'
import { currentRuns } from './analysis/current-runs.ts'
import { noPauseIntent, type RolloutInput, type RolloutPlan } from './plan.ts'
import { hashOf, scaleDownDeadline } from './replica-sets.ts'
import { updatePausedConditions } from './status/paused-conditions.ts'
import { isPromoted } from './status/progress.ts'
import { findNewReplicaSet } from './template.ts'
import type { RolloutStatus } from './types.ts'

/** Undefined when the current template has no ReplicaSet yet. The Rollout is valid by now. */
export function startPlan(input: RolloutInput): RolloutPlan | undefined {
  const { rollout, now } = input
  const replicaSets = structuredClone(input.replicaSets)
  const newSet = findNewReplicaSet(rollout, replicaSets)
  if (!newSet) return undefined
  const before: RolloutStatus = structuredClone(rollout.status ?? {})
  before.conditions = withoutCondition(before.conditions ?? [], 'InvalidSpec')
  updatePausedConditions(rollout, before, now)
  const stable = [newSet, ...replicaSets].find(
    (replicaSet) => before.stableRS && hashOf(replicaSet) === before.stableRS,
  )
  return {
    ...input,
    replicaSets,
    services: structuredClone(input.services),
    budgets: structuredClone(input.budgets),
    before,
    newSet,
    withinDelay: scaleDownDeadline(newSet) !== undefined,
    stableSet: stable,
    otherSets: replicaSets.filter((replicaSet) => replicaSet !== newSet && replicaSet !== stable),
    // What is stable already cannot be aborted.
    pause: { ...noPauseIntent(), removeAbort: isPromoted(before) },
    runs: currentRuns(input.analysisRuns, before),
    currentExperiment: input.experiments.find(
      ({ metadata }) => metadata.name === before.canary?.currentExperiment,
    ),
    weights: before.canary?.weights,
    restartedAt: before.restartedAt,
    changes: [],
    requeueAfterMs: undefined,
  }
}
