/** Runs Rollouts as plain rolling updates, for a cluster without the full Argo Rollouts controller. */
import { parseKey } from '../../objects.ts'
import { applyChanges } from '../runtime/changes.ts'
import type { Controller } from '../runtime/controller.ts'
import { controlledBy, controllerKeys } from '../shared/owners.ts'
import { REPLICA_SETS } from '../shared/resources.ts'
import { COMPONENT, ROLLOUTS, reconcileRollout } from './reconcile.ts'

/** argoproj.io/v1alpha1 Rollouts without steps, pauses, analysis or traffic routing. */
export function rolloutBasicController(): Controller {
  return {
    name: COMPONENT,
    watches: [
      { resource: ROLLOUTS },
      { resource: REPLICA_SETS, keys: (object) => controllerKeys(object, 'argoproj.io', 'Rollout') },
    ],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const { client, clock } = context
      const rollout = client.get(ROLLOUTS, namespace, name)
      if (!rollout) return undefined
      const replicaSets = controlledBy(client, REPLICA_SETS, rollout)
      const { changes } = reconcileRollout({ rollout, replicaSets, now: clock.now() })
      applyChanges(changes, context, COMPONENT)
      return undefined
    },
  }
}
