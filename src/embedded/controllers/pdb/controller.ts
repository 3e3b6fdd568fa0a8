/** The disruption controller: keeps the status that the eviction API decides by. */
import type { Client } from '../../client.ts'
import { controllerOf, type KubeObject, keyOf, parseKey } from '../../objects.ts'
import { matchesLabels } from '../../selectors.ts'
import { applyChanges } from '../runtime/changes.ts'
import type { Controller } from '../runtime/controller.ts'
import { sameJson } from '../shared/json.ts'
import type { Pod } from '../shared/pods.ts'
import { DISRUPTION_BUDGETS, PODS, REPLICA_SETS } from '../shared/resources.ts'
import { COMPONENT, reconcileBudget } from './reconcile.ts'

/** policy/v1 PodDisruptionBudgets; driven by the budgets and the pods they match. */
export function disruptionController(): Controller {
  return {
    name: 'disruption-controller',
    watches: [{ resource: DISRUPTION_BUDGETS }, { resource: PODS, keys: budgetsOf, when: matters }],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const { client, clock } = context
      const budget = client.get(DISRUPTION_BUDGETS, namespace, name)
      if (!budget) return undefined
      const pods = client
        .list(PODS, { namespace })
        .filter((pod) => matchesLabels(budget.spec.selector, pod.metadata.labels))
      const expectedScale = () => expectedReplicas(client, pods)
      const result = reconcileBudget({ budget, pods, expectedScale, now: clock.now() })
      applyChanges(result.changes, context, COMPONENT)
      return result
    },
  }
}

function budgetsOf(pod: KubeObject, client: Client): string[] {
  return client
    .list(DISRUPTION_BUDGETS, { namespace: pod.metadata.namespace })
    .filter((budget) => matchesLabels(budget.spec.selector, pod.metadata.labels))
    .map(keyOf)
}

function matters(pod: KubeObject, previous: KubeObject | undefined, type: string): boolean {
  if (!previous || type === 'DELETED') return true
  const aspects = ({ metadata, status }: KubeObject) => [
    metadata.labels,
    metadata.deletionTimestamp !== undefined,
    metadata.ownerReferences,
    status?.conditions?.find((condition: { type: string }) => condition.type === 'Ready')?.status,
  ]
  return !sameJson(aspects(pod), aspects(previous))
}

/** spec.replicas of every controller of the pods, each counted once; a Deployment stands for its ReplicaSets. */
function expectedReplicas(client: Client, pods: Pod[]): number {
  const scales = new Map<string, number>()
  for (const pod of pods) {
    const namespace = pod.metadata.namespace!
    const direct = controllerOf(pod)
    if (!direct) throw new Error(`found no controller ref for pod "${pod.metadata.name}"`)
    const replicaSet =
      direct.kind === 'ReplicaSet' ? client.get(REPLICA_SETS, namespace, direct.name) : undefined
    const above = replicaSet && controllerOf(replicaSet)
    const controller = above?.kind === 'Deployment' ? above : direct
    if (scales.has(controller.uid)) continue
    const resource = client.resourceFor(controller.apiVersion, controller.kind)
    if (!resource) throw new Error(`found no controllers for pod "${pod.metadata.name}"`)
    const { replicas, uid } = client.getScale(resource, namespace, controller.name)
    if (uid === controller.uid) scales.set(uid, replicas)
  }
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0)
}
