/** One pass over a Rollout, pure: what was read in, changes out. */
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import type { Result } from '../runtime/controller.ts'
import { reconcileBlueGreen } from './blue-green/reconcile.ts'
import { reconcileCanary } from './canary/reconcile.ts'
import { createNewReplicaSet } from './create-replica-set.ts'
import { ROLLOUTS } from './names.ts'
import type { RolloutInput } from './plan.ts'
import { syncRevision } from './revision.ts'
import { isScalingEvent, syncReplicasOnly } from './scaling-event.ts'
import { isBlueGreen } from './spec.ts'
import { startPlan } from './start-plan.ts'
import { invalidSpec } from './validation/invalid-spec.ts'
import { validateRollout } from './validation/validate.ts'
import { scaleDownWorkload } from './workload-ref.ts'

/** Upstream looks again at an invalid Rollout, whose Service may come later. */
export const INVALID_RECHECK_MS = 20_000

/** The changes that move a Rollout one step on, as upstream's syncHandler decides. */
export function reconcileRollout(input: RolloutInput): { changes: Change[] } & Result {
  const { rollout, now } = input
  if (rollout.metadata.deletionTimestamp) return { changes: [] }
  const error = validateRollout(input)
  if (error) return { changes: invalidSpec(rollout, error, now), requeueAfterMs: INVALID_RECHECK_MS }
  const plan = startPlan(input)
  if (!plan) return { changes: createNewReplicaSet(rollout, input.replicaSets, now) }
  if (rollout.spec.replicas === undefined) return { changes: [defaultReplicas(rollout)] }
  syncRevision(plan)
  if (isScalingEvent(plan)) syncReplicasOnly(plan)
  else if (isBlueGreen(rollout)) reconcileBlueGreen(plan)
  else reconcileCanary(plan)
  plan.changes.push(...scaleDownWorkload(plan, input.workload))
  const { changes, requeueAfterMs } = plan
  return { changes, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) }
}

/** HPAs read spec.replicas: it must not be absent. */
function defaultReplicas(rollout: KubeObject): Change {
  const { namespace, name } = rollout.metadata
  return { verb: 'patch', resource: ROLLOUTS, namespace, name, patch: { spec: { replicas: 1 } } }
}
