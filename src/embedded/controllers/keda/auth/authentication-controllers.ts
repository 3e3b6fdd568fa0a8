/** TriggerAuthentication and ClusterTriggerAuthentication: a finalizer and events; nothing is checked. */
import type { KubeObject, Resource } from '../../../objects.ts'
import { parseKey } from '../../../objects.ts'
import { applyChanges, type Change } from '../../runtime/changes.ts'
import type { Controller } from '../../runtime/controller.ts'
import {
  CLUSTER_TRIGGER_AUTHENTICATIONS,
  FINALIZER,
  KEDA_OPERATOR,
  TRIGGER_AUTHENTICATIONS,
} from '../resources.ts'

export function authenticationControllers(): Controller[] {
  return [
    authenticationController(TRIGGER_AUTHENTICATIONS),
    authenticationController(CLUSTER_TRIGGER_AUTHENTICATIONS),
  ]
}

function authenticationController(resource: Resource): Controller {
  return {
    name: resource.slice(resource.lastIndexOf('/') + 1),
    watches: [
      {
        resource,
        when: ({ metadata }, previous) =>
          metadata.generation !== previous?.metadata.generation ||
          metadata.deletionTimestamp !== previous?.metadata.deletionTimestamp,
      },
    ],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const object = context.client.get(resource, namespace, name)
      if (object) applyChanges(reconcileAuthentication(object, resource), context, KEDA_OPERATOR)
      return undefined
    },
  }
}

/** The changes that one authentication needs. */
function reconcileAuthentication(object: KubeObject, resource: Resource): Change[] {
  const { kind, metadata } = object
  const finalizers = metadata.finalizers ?? []
  const event = (type: 'Normal' | 'Warning', reason: string, message: string): Change => ({
    verb: 'event',
    regarding: object,
    type,
    reason,
    message,
    component: KEDA_OPERATOR,
  })
  const setFinalizers = (next: string[]): Change => ({
    verb: 'patch',
    resource,
    namespace: metadata.namespace,
    name: metadata.name,
    patch: { metadata: { finalizers: next } },
  })
  if (metadata.deletionTimestamp) {
    if (!finalizers.includes(FINALIZER)) return []
    return [
      event('Normal', `${kind}Deleted`, `${kind} was deleted`),
      setFinalizers(finalizers.filter((name) => name !== FINALIZER)),
    ]
  }
  const added =
    metadata.generation === 1
      ? event('Normal', `${kind}Added`, `New ${kind} configured`)
      : // Upstream uses the cluster kind's reason and text for both.
        event(
          'Normal',
          'ClusterTriggerAuthenticationUpdated',
          `ClusterTriggerAuthentication ${metadata.name} is updated`,
        )
  return finalizers.includes(FINALIZER) ? [added] : [setFinalizers([...finalizers, FINALIZER]), added]
}
