/** The Deployment controller: reads, reconciles, applies. */
import { ApiError } from '../../errors.ts'
import { type KubeObject, parseKey } from '../../objects.ts'
import { applyChanges, type Change } from '../runtime/changes.ts'
import type { Context, Controller } from '../runtime/controller.ts'
import { claim } from '../shared/claim.ts'
import { controllerKeys } from '../shared/owners.ts'
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../shared/resources.ts'
import { countCollision, reportCreateFailure } from './create-failure.ts'
import { isRollingUpdate } from './limits.ts'
import { COMPONENT } from './plan.ts'
import { reconcileDeployment } from './reconcile.ts'

/** apps/v1 Deployments; driven by Deployments and their ReplicaSets (whose status counts terminating pods). */
export function deploymentController(): Controller {
  return {
    name: COMPONENT,
    watches: [
      { resource: DEPLOYMENTS },
      { resource: REPLICA_SETS, keys: (object) => controllerKeys(object, 'apps', 'Deployment') },
    ],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const { client, clock } = context
      const deployment = client.get(DEPLOYMENTS, namespace, name)
      if (!deployment) return undefined
      const { selector } = deployment.spec
      const { owned, changes } = claim(
        deployment,
        selector,
        REPLICA_SETS,
        client.list(REPLICA_SETS, { namespace }),
      )
      applyChanges(changes, context, COMPONENT)
      const pods = isRollingUpdate(deployment)
        ? []
        : client.list(PODS, { namespace, labelSelector: selector })
      const result = reconcileDeployment({ deployment, replicaSets: owned, pods, now: clock.now() })
      apply(deployment, result.changes, context)
      return result
    },
  }
}

function apply(deployment: KubeObject, changes: Change[], context: Context): void {
  const at = changes.findIndex((change) => change.verb === 'create')
  const create = changes[at]
  if (create?.verb !== 'create') {
    applyChanges(changes, context, COMPONENT)
    return
  }
  applyChanges(changes.slice(0, at), context, COMPONENT)
  try {
    applyChanges([create], context, COMPONENT)
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown
    const taken = thrown.reason === 'AlreadyExists'
    const answer = taken
      ? countCollision(deployment)
      : reportCreateFailure(deployment, create.object, thrown, context.clock.now())
    applyChanges(answer, context, COMPONENT)
    throw thrown
  }
  applyChanges(changes.slice(at + 1), context, COMPONENT)
}
