/** The StatefulSet controller. */
import { parseKey } from '../../objects.ts'
import { applyChanges } from '../runtime/changes.ts'
import type { Controller } from '../runtime/controller.ts'
import { claim } from '../shared/claim.ts'
import { controlledBy, controllerKeys } from '../shared/owners.ts'
import { CONTROLLER_REVISIONS, PERSISTENT_VOLUME_CLAIMS, PODS, STATEFUL_SETS } from '../shared/resources.ts'
import { ordinalOf } from './identity.ts'
import { COMPONENT, reconcileStatefulSet } from './reconcile.ts'

/** apps/v1 StatefulSets. Claims are made; what they are bound to is the node's affair. */
export function statefulSetController(): Controller {
  return {
    name: COMPONENT,
    watches: [
      { resource: STATEFUL_SETS },
      { resource: PODS, keys: (pod) => controllerKeys(pod, 'apps', 'StatefulSet') },
    ],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const { client, clock } = context
      const set = client.get(STATEFUL_SETS, namespace, name)
      if (!set) return undefined
      const candidates = client.list(PODS, { namespace }).filter((pod) => ordinalOf(set, pod) >= 0)
      const { owned, changes } = claim(set, set.spec.selector, PODS, candidates)
      applyChanges(changes, context, COMPONENT)
      const claims = set.spec.volumeClaimTemplates?.length
        ? client.list(PERSISTENT_VOLUME_CLAIMS, { namespace }).map(({ metadata }) => metadata.name)
        : []
      const result = reconcileStatefulSet({
        set,
        pods: owned,
        revisions: controlledBy(client, CONTROLLER_REVISIONS, set),
        claims: new Set(claims),
        now: clock.now(),
      })
      applyChanges(result.changes, context, COMPONENT)
      return result
    },
  }
}
