/** One sync of a Deployment, pure: what was read in, changes out. */
import type { Change } from '../runtime/changes.ts'
import type { Result } from '../runtime/controller.ts'
import { cleanUpHistory } from './history.ts'
import { isRollingUpdate } from './limits.ts'
import { updatePaused } from './pause.ts'
import { type DeploymentInput, startPlan } from './plan.ts'
import { countersOf, deadlineInMs, isComplete } from './progress.ts'
import { recreate } from './recreate.ts'
import { rollingUpdate } from './rolling.ts'
import { isScalingEvent, scaleProportionally } from './scale-proportionally.ts'
import { counters, syncRolloutStatus, syncStatus } from './status.ts'

/** The changes that move a Deployment one step on, as deployment_controller.go's syncDeployment decides. */
export function reconcileDeployment(input: DeploymentInput): { changes: Change[] } & Result {
  const plan = startPlan(input)
  const { deployment } = plan
  if (deployment.metadata.deletionTimestamp) {
    syncStatus(plan)
    return { changes: plan.changes }
  }
  updatePaused(plan)
  if (deployment.spec.paused || isScalingEvent(plan)) {
    scaleProportionally(plan)
    if (deployment.spec.paused) cleanUpHistory(plan)
    syncStatus(plan)
    return { changes: plan.changes }
  }
  const before = plan.changes.length
  if (isRollingUpdate(deployment)) rollingUpdate(plan)
  else recreate(plan)
  const moved = plan.changes.slice(before).some((change) => change.verb === 'event')
  if (!moved && isComplete(plan, countersOf(deployment.status))) cleanUpHistory(plan)
  syncRolloutStatus(plan)
  const requeueAfterMs = deadlineInMs(plan, counters(plan))
  return { changes: plan.changes, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) }
}
