/** Services that no Rollout names any more lose the hash from their selector, and the annotation. */
import { type KubeObject, keyOf, parseKey } from '../../../objects.ts'
import { applyChanges, type Change } from '../../runtime/changes.ts'
import type { Controller } from '../../runtime/controller.ts'
import { SERVICES } from '../../shared/resources.ts'
import { COMPONENT, HASH_LABEL, MANAGED_BY, ROLLOUTS } from '../names.ts'
import { servicesOf } from './named.ts'

/** Driven by Services, and by Rollouts that go or change. */
export function serviceReleaseController(): Controller {
  return {
    name: 'rollout-services-controller',
    watches: [
      { resource: SERVICES },
      {
        resource: ROLLOUTS,
        when: (object, previous) => object.metadata.generation !== previous?.metadata.generation,
        keys: ({ metadata }, client) =>
          client
            .list(SERVICES, { namespace: metadata.namespace })
            .filter((service) => service.metadata.annotations?.[MANAGED_BY] === metadata.name)
            .map(keyOf),
      },
      {
        resource: ROLLOUTS,
        when: (_object, _previous, type) => type === 'DELETED',
        keys: (rollout) => servicesOf(rollout).map((name) => `${rollout.metadata.namespace}/${name}`),
      },
    ],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const { client } = context
      const service = client.get(SERVICES, namespace, name)
      if (!service) return undefined
      const rollouts = client.list(ROLLOUTS, { namespace })
      applyChanges(releaseService(service, rollouts), context, COMPONENT)
      return undefined
    },
  }
}

/** The patch that frees the Service; none while a Rollout names it, or when no Rollout ever managed it. */
export function releaseService(service: KubeObject, rollouts: KubeObject[]): Change[] {
  const { namespace, name, annotations } = service.metadata
  if (annotations?.[MANAGED_BY] === undefined) return []
  if (rollouts.some((rollout) => servicesOf(rollout).includes(name))) return []
  const patch = {
    metadata: { annotations: { [MANAGED_BY]: null } },
    spec: { selector: { [HASH_LABEL]: null } },
  }
  return [{ verb: 'patch', resource: SERVICES, namespace, name, patch }]
}
