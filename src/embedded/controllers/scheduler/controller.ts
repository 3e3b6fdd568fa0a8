/** The scheduler: binds pods to nodes. */
import type { Client } from '../../client.ts'
import { type KubeObject, keyOf, parseKey } from '../../objects.ts'
import { applyChanges } from '../runtime/changes.ts'
import type { Controller } from '../runtime/controller.ts'
import { isFinished } from '../shared/pods.ts'
import { NODES, PODS } from '../shared/resources.ts'
import { isPending, reconcilePod, SCHEDULER } from './reconcile.ts'

/** default-scheduler. Pods that found no room are tried again when a node changes or a pod makes room. */
export function schedulerController(): Controller {
  return {
    name: SCHEDULER,
    watches: [
      { resource: PODS, when: isPending },
      {
        resource: PODS,
        when: (pod, previous, type) =>
          type === 'DELETED' || (isFinished(pod) && previous !== undefined && !isFinished(previous)),
        keys: (_pod, client) => pendingKeys(client),
      },
      { resource: NODES, when: nodeMatters, keys: (_node, client) => pendingKeys(client) },
    ],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const { client, clock } = context
      const pod = client.get(PODS, namespace, name)
      if (!pod || !isPending(pod)) return undefined
      const nodes = client.list(NODES)
      applyChanges(
        reconcilePod({ pod, nodes, pods: client.list(PODS), now: clock.now() }),
        context,
        SCHEDULER,
      )
      return undefined
    },
  }
}

function pendingKeys(client: Client): string[] {
  return client.list(PODS, { fieldSelector: 'spec.nodeName=' }).filter(isPending).map(keyOf)
}

/** A node's heartbeat changes its status often; only these parts make or break a fit. */
function nodeMatters(node: KubeObject, previous: KubeObject | undefined): boolean {
  if (!previous) return true
  const parts = ({ metadata, spec, status }: KubeObject) =>
    JSON.stringify([metadata.labels, spec?.taints, spec?.unschedulable, status?.allocatable])
  return parts(node) !== parts(previous)
}
