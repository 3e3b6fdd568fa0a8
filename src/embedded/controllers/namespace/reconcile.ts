/** A namespace that is going: pods first, then everything else, then the namespace itself. */

import { qualified } from '../../errors.ts'
import type { KubeObject, Resource } from '../../objects.ts'
import { parseResource } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { type Condition, setCondition } from '../shared/conditions.ts'
import { NAMESPACES, PODS } from '../shared/resources.ts'
import { statusChanges } from '../shared/status.ts'

/** What is left in the namespace, by resource type; types without objects are left out. */
export type Contents = Map<Resource, KubeObject[]>

/** Deletes what is left; with nothing left removes the `kubernetes` finalizer. */
export function reconcileNamespace(
  namespace: KubeObject,
  contents: Contents,
  now: number,
): { changes: Change[]; done: boolean } {
  const done = contents.size === 0
  const status = {
    ...namespace.status,
    phase: 'Terminating',
    conditions: conditionsOf(namespace, contents, now),
  }
  const changes: Change[] = statusChanges(NAMESPACES, namespace, status)
  if (done) return { changes, done }
  const pods = contents.get(PODS)
  const next: Contents = pods ? new Map([[PODS, pods]]) : contents
  for (const [resource, objects] of next) {
    for (const { metadata } of objects) {
      if (metadata.deletionTimestamp) continue
      changes.push({
        verb: 'delete',
        resource,
        namespace: metadata.namespace,
        name: metadata.name,
        options: { propagationPolicy: 'Background' },
      })
    }
  }
  return { changes, done }
}

type Check = [type: string, reasons: [ok: string, bad: string], ok: string, bad: string | undefined]

function conditionsOf(namespace: KubeObject, contents: Contents, now: number): Condition[] {
  const checks: Check[] = [
    [
      'NamespaceDeletionDiscoveryFailure',
      ['ResourcesDiscovered', 'DiscoveryFailed'],
      'All resources successfully discovered',
      undefined,
    ],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      ['ParsedGroupVersions', 'GroupVersionParsingFailed'],
      'All legacy kube types successfully parsed',
      undefined,
    ],
    [
      'NamespaceDeletionContentFailure',
      ['ContentDeleted', 'ContentDeletionFailed'],
      'All content successfully deleted, may be waiting on finalization',
      undefined,
    ],
    [
      'NamespaceContentRemaining',
      ['ContentRemoved', 'SomeResourcesRemain'],
      'All content successfully removed',
      remaining(contents),
    ],
    [
      'NamespaceFinalizersRemaining',
      ['ContentHasNoFinalizers', 'SomeFinalizersRemain'],
      'All content-preserving finalizers finished',
      finalizersRemaining(contents),
    ],
  ]
  return checks.reduce<Condition[]>(
    (conditions, [type, [okReason, badReason], ok, bad]) =>
      setCondition(
        conditions,
        {
          type,
          status: bad === undefined ? 'False' : 'True',
          reason: bad === undefined ? okReason : badReason,
          message: bad ?? ok,
        },
        now,
      ),
    namespace.status?.conditions ?? [],
  )
}

function remaining(contents: Contents): string | undefined {
  if (contents.size === 0) return undefined
  const parts = [...contents].map(
    ([resource, { length }]) => `${dotted(resource)} has ${length} resource instances`,
  )
  return `Some resources are remaining: ${parts.sort().join(', ')}`
}

/** `pods.` and `deployments.apps`, as schema.GroupResource prints with an empty group. */
function dotted(resource: Resource): string {
  const { group, plural } = parseResource(resource)
  return group ? qualified(group, plural) : `${plural}.`
}

function finalizersRemaining(contents: Contents): string | undefined {
  const counts = new Map<string, number>()
  for (const { metadata } of [...contents.values()].flat()) {
    for (const finalizer of metadata.finalizers ?? []) counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1)
  }
  if (counts.size === 0) return undefined
  const parts = [...counts].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`)
  return `Some content in the namespace has finalizers remaining: ${parts.sort().join(', ')}`
}
