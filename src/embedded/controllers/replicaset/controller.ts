/** The ReplicaSet controller: keeps the number of pods, and reports them. */
import { messageOf } from '../../../lib/errors.ts'
import { isNamespaceTerminating } from '../../errors.ts'
import { controllerOf, type KubeObject, parseKey } from '../../objects.ts'
import { matchesLabels } from '../../selectors.ts'
import { applyChanges } from '../runtime/changes.ts'
import type { Context, Controller, Watch } from '../runtime/controller.ts'
import { claim } from '../shared/claim.ts'
import { controllerKeys } from '../shared/owners.ts'
import { isActive, type Pod } from '../shared/pods.ts'
import { PODS, REPLICA_SETS } from '../shared/resources.ts'
import { slowStart } from './batches.ts'
import { manageReplicas, podManifest } from './manage.ts'
import { type ManageFailure, reconcileStatus } from './status.ts'

const COMPONENT = 'replicaset-controller'

/** apps/v1 ReplicaSets. Reads are consistent here, so there is nothing to expect before acting again. */
export function replicaSetController(): Controller {
  return {
    name: COMPONENT,
    watches: [{ resource: REPLICA_SETS }, podWatch],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const { client, clock } = context
      const replicaSet = client.get(REPLICA_SETS, namespace, name)
      if (!replicaSet) return undefined
      const all = client.list(PODS, { namespace })
      const { owned, changes } = claim(replicaSet, replicaSet.spec.selector, PODS, all)
      applyChanges(changes, context, COMPONENT)
      const related = relatedPods(replicaSet, owned, all, context)
      const plan = manageReplicas({ replicaSet, pods: owned, related, now: clock.now() })
      const failure =
        createPods(replicaSet, plan.create, context) ?? deletePods(replicaSet, plan.remove, context)
      const result = reconcileStatus(replicaSet, owned, failure?.condition, clock.now())
      applyChanges(result.changes, context, COMPONENT)
      if (failure) throw failure.thrown
      return result
    },
  }
}

/** A pod concerns its controller, and an orphan every ReplicaSet that would take it. */
const podWatch: Watch = {
  resource: PODS,
  keys(pod, client) {
    if (controllerOf(pod)) return controllerKeys(pod, 'apps', 'ReplicaSet')
    return client
      .list(REPLICA_SETS, { namespace: pod.metadata.namespace })
      .filter((replicaSet) => matchesLabels(replicaSet.spec.selector, pod.metadata.labels))
      .map((replicaSet) => `${replicaSet.metadata.namespace}/${replicaSet.metadata.name}`)
  },
}

function relatedPods(replicaSet: KubeObject, owned: Pod[], all: Pod[], { client }: Context): Pod[] {
  const owner = controllerOf(replicaSet)
  if (!owner) return owned.filter(isActive)
  const siblings = client
    .list(REPLICA_SETS, { namespace: replicaSet.metadata.namespace })
    .filter((other) => controllerOf(other)?.uid === owner.uid)
    .map((other) => other.metadata.uid)
  return all.filter((pod) => isActive(pod) && siblings.includes(controllerOf(pod)?.uid ?? ''))
}

interface Failure {
  thrown: unknown
  condition: ManageFailure
}

function createPods(replicaSet: KubeObject, count: number, context: Context): Failure | undefined {
  const { client } = context
  const thrown = slowStart(count, () => {
    try {
      const pod = client.create(PODS, podManifest(replicaSet), { fieldManager: COMPONENT })
      record(replicaSet, context, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
    } catch (failed) {
      if (isNamespaceTerminating(failed)) return
      record(replicaSet, context, 'Warning', 'FailedCreate', `Error creating: ${messageOf(failed)}`)
      throw failed
    }
  })
  if (thrown === undefined) return undefined
  return { thrown, condition: { reason: 'FailedCreate', message: messageOf(thrown) } }
}

function deletePods(replicaSet: KubeObject, pods: Pod[], context: Context): Failure | undefined {
  let failure: Failure | undefined
  for (const pod of pods) {
    const { namespace, name, uid } = pod.metadata
    try {
      const options = { preconditions: { uid } }
      applyChanges([{ verb: 'delete', resource: PODS, namespace, name, options }], context, COMPONENT)
      record(replicaSet, context, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
    } catch (thrown) {
      record(replicaSet, context, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(thrown)}`)
      failure ??= { thrown, condition: { reason: 'FailedDelete', message: messageOf(thrown) } }
    }
  }
  return failure
}

function record(
  replicaSet: KubeObject,
  context: Context,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const event = { verb: 'event' as const, regarding: replicaSet, type, reason, message, component: COMPONENT }
  applyChanges([event], context, COMPONENT)
}
