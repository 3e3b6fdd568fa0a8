/** One pass of a canary. */
import { reconcileAnalysis } from '../analysis/reconcile-runs.ts'
import { reconcileExperiments } from '../experiment/rollout-step.ts'
import { cleanUpHistory } from '../history.ts'
import type { RolloutPlan } from '../plan.ts'
import { reconcileEphemeralMetadata } from '../pods/ephemeral-metadata.ts'
import { restartPods } from '../restart.ts'
import { reconcilePingPong } from '../services/ping-pong.ts'
import { reconcileCanaryServices } from '../services/switch.ts'
import { hasTemplateChanged, haveStepsChanged } from '../status/reset.ts'
import { reconcileTraffic } from '../traffic/reconcile.ts'
import { reconcileCanaryPause } from './pause.ts'
import { reconcileCanaryReplicaSets } from './replica-sets.ts'
import { syncCanaryStatus } from './status.ts'

/** Moves a canary one step on, in the order of upstream's rolloutCanary. */
export function reconcileCanary(plan: RolloutPlan): void {
  if (hasTemplateChanged(plan) || haveStepsChanged(plan)) {
    syncCanaryStatus(plan)
    return
  }
  // Availability is out of date once pods were evicted: nothing may be scaled by it.
  if (restartPods(plan) > 0) return
  reconcileEphemeralMetadata(plan)
  cleanUpHistory(plan)
  reconcilePingPong(plan)
  reconcileCanaryServices(plan)
  reconcileTraffic(plan)
  reconcileExperiments(plan)
  reconcileAnalysis(plan)
  const inconclusive = plan.pause.add.size > 0
  if (!inconclusive && !reconcileCanaryReplicaSets(plan)) reconcileCanaryPause(plan)
  syncCanaryStatus(plan)
}
