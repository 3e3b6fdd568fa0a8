/** What follows when the new ReplicaSet cannot be created. */
import { rfc3339 } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { KubeObject, Manifest } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { replaceCondition } from '../shared/conditions.ts'
import { DEPLOYMENTS } from '../shared/resources.ts'
import { statusChanges } from '../shared/status.ts'
import { hasProgressDeadline } from './limits.ts'
import { COMPONENT } from './plan.ts'

/** The name is taken by a different template: the next try hashes with a higher collisionCount. */
export function countCollision(deployment: KubeObject): Change[] {
  const collisionCount = (deployment.status?.collisionCount ?? 0) + 1
  return statusChanges(DEPLOYMENTS, deployment, { ...deployment.status, collisionCount })
}

/** Progressing False and a warning, with the API's own words. */
export function reportCreateFailure(
  deployment: KubeObject,
  replicaSet: Manifest,
  thrown: unknown,
  now: number,
): Change[] {
  const message = `Failed to create new replica set "${replicaSet.metadata.name}": ${messageOf(thrown)}`
  const reason = 'ReplicaSetCreateError'
  const event: Change = {
    verb: 'event',
    regarding: deployment,
    type: 'Warning',
    reason,
    message,
    component: COMPONENT,
  }
  if (!hasProgressDeadline(deployment)) return [event]
  const time = rfc3339(now)
  const conditions = replaceCondition(deployment.status?.conditions ?? [], {
    type: 'Progressing',
    status: 'False',
    reason,
    message,
    lastUpdateTime: time,
    lastTransitionTime: time,
  })
  return [...statusChanges(DEPLOYMENTS, deployment, { ...deployment.status, conditions }), event]
}
