/** The namespace controller: empties a namespace that was deleted, then lets it go. */
import type { Client } from '../../client.ts'
import { applyChanges } from '../runtime/changes.ts'
import type { Controller } from '../runtime/controller.ts'
import { NAMESPACES, PODS, type ServedResource } from '../shared/resources.ts'
import { type Contents, reconcileNamespace } from './reconcile.ts'

const COMPONENT = 'namespace-controller'

/** How long to wait for finalizers of other controllers before looking again, in ms. */
const FINALIZER_WAIT_MS = 500

export interface NamespaceOptions {
  /** Every resource type that can be listed and deleted, one version of each. */
  resources: () => ServedResource[]
}

/** Deletes the contents of Terminating namespaces. */
export function namespaceController(options: NamespaceOptions): Controller {
  return {
    name: COMPONENT,
    watches: [
      { resource: NAMESPACES, when: ({ metadata }) => metadata.deletionTimestamp !== undefined },
      {
        resource: PODS,
        // The last pod to go is what a Terminating namespace waits for.
        when: (_pod, _previous, type) => type === 'DELETED',
        keys: ({ metadata }) => [metadata.namespace!],
      },
    ],
    reconcile(name, context) {
      const { client, clock } = context
      const found = client.get(NAMESPACES, undefined, name)
      if (!found?.metadata.deletionTimestamp) return undefined
      const { changes } = reconcileNamespace(
        found,
        contentsOf(client, name, options.resources()),
        clock.now(),
      )
      applyChanges(changes, context, COMPONENT)
      const left = contentsOf(client, name, options.resources())
      if (left.has(PODS)) return undefined
      if (left.size > 0) return { requeueAfterMs: allGoing(left) ? FINALIZER_WAIT_MS : 1 }
      finalize(client, name, context)
      return undefined
    },
  }
}

function contentsOf(client: Client, namespace: string, resources: ServedResource[]): Contents {
  const contents: Contents = new Map()
  for (const { resource, namespaced } of resources) {
    if (!namespaced) continue
    const objects = client.list(resource, { namespace })
    if (objects.length > 0) contents.set(resource, objects)
  }
  return contents
}

/** Everything left has been deleted and waits for its finalizers. */
function allGoing(contents: Contents): boolean {
  return [...contents.values()].flat().every(({ metadata }) => metadata.deletionTimestamp !== undefined)
}

function finalize(client: Client, name: string, context: Parameters<typeof applyChanges>[1]): void {
  const found = client.get(NAMESPACES, undefined, name)
  if (!found) return
  const { changes } = reconcileNamespace(found, new Map(), context.clock.now())
  applyChanges(changes, context, COMPONENT)
  const settled = client.get(NAMESPACES, undefined, name)
  if (!settled) return
  const finalizers = (settled.spec?.finalizers ?? []).filter((one: string) => one !== 'kubernetes')
  const object = { ...settled, spec: { ...settled.spec, finalizers } }
  client.update(NAMESPACES, object, { subresource: 'finalize', fieldManager: COMPONENT })
}
