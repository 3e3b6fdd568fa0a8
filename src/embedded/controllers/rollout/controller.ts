/** The Rollout controller: reads, reconciles, applies. */
import { ApiError } from '../../errors.ts'
import { type KubeObject, keyOf, parseKey, type Resource } from '../../objects.ts'
import { applyChanges, type Change } from '../runtime/changes.ts'
import type { Context, Controller, Watch } from '../runtime/controller.ts'
import { claim } from '../shared/claim.ts'
import { controllerKeys } from '../shared/owners.ts'
import { DEPLOYMENTS, REPLICA_SETS, SERVICES } from '../shared/resources.ts'
import { countCollision, reportCreateFailure } from './create-replica-set.ts'
import { gatherInput } from './gather.ts'
import { ANALYSIS_RUNS, COMPONENT, EXPERIMENTS, INSTANCE_ID, ROLLOUTS } from './names.ts'
import { mendQuantities } from './quantities.ts'
import { INVALID_RECHECK_MS, reconcileRollout } from './reconcile.ts'
import { servicesOf } from './services/named.ts'
import { INGRESSES, ingressesOf } from './traffic/ingresses.ts'
import { invalidSpec } from './validation/invalid-spec.ts'
import { POD_TEMPLATES, resolveWorkload, resourceOf } from './workload-ref.ts'

/** argoproj.io/v1alpha1 Rollouts without an instance id; driven by what they own and the Services they name. */
export function rolloutController(): Controller {
  return {
    name: COMPONENT,
    watches: [
      { resource: ROLLOUTS },
      { resource: REPLICA_SETS, keys: (object) => controllerKeys(object, 'argoproj.io', 'Rollout') },
      { resource: ANALYSIS_RUNS, keys: (object) => controllerKeys(object, 'argoproj.io', 'Rollout') },
      { resource: EXPERIMENTS, keys: (object) => controllerKeys(object, 'argoproj.io', 'Rollout') },
      serviceWatch,
      ingressWatch,
      ...[DEPLOYMENTS, POD_TEMPLATES].map(workloadWatch),
    ],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const { client } = context
      const rollout = client.get(ROLLOUTS, namespace, name)
      if (!rollout || rollout.metadata.labels?.[INSTANCE_ID] !== undefined) return undefined
      if (rollout.metadata.deletionTimestamp) return undefined
      const mended = mendQuantities(rollout)
      if (mended.length > 0) {
        applyChanges(mended, context, COMPONENT)
        return undefined
      }
      const resolved = resolveWorkload(client, rollout)
      if ('error' in resolved) {
        applyChanges(invalidSpec(rollout, resolved.error, context.clock.now()), context, COMPONENT)
        return { requeueAfterMs: INVALID_RECHECK_MS }
      }
      const { selector } = resolved.rollout.spec
      const replicaSets = client.list(REPLICA_SETS, { namespace })
      const { owned, changes } = claim(rollout, selector, REPLICA_SETS, selector ? replicaSets : [])
      applyChanges([...resolved.changes, ...changes], context, COMPONENT)
      const result = reconcileRollout(gatherInput(resolved.rollout, owned, context))
      apply(rollout, result.changes, context)
      return result
    },
  }
}

/** A Service concerns the Rollouts that name it. */
const serviceWatch: Watch = {
  resource: SERVICES,
  keys: (service, client) =>
    client
      .list(ROLLOUTS, { namespace: service.metadata.namespace })
      .filter((rollout) => servicesOf(rollout).includes(service.metadata.name))
      .map((rollout) => keyOf(rollout)),
}

/** An Ingress concerns the Rollouts whose routers work with it. */
const ingressWatch: Watch = {
  resource: INGRESSES,
  keys: (ingress, client) =>
    client
      .list(ROLLOUTS, { namespace: ingress.metadata.namespace })
      .filter((rollout) => ingressesOf(rollout).some(({ name }) => name === ingress.metadata.name))
      .map((rollout) => keyOf(rollout)),
}

/** A workload concerns the Rollouts whose workloadRef names it. */
function workloadWatch(resource: Resource): Watch {
  return {
    resource,
    when: (object, previous) => object.metadata.generation !== previous?.metadata.generation,
    keys: ({ metadata }, client) =>
      client
        .list(ROLLOUTS, { namespace: metadata.namespace })
        .filter(({ spec: { workloadRef } }) => workloadRef && resourceOf(workloadRef) === resource)
        .filter(({ spec }) => spec.workloadRef.name === metadata.name)
        .map((rollout) => keyOf(rollout)),
  }
}

function apply(rollout: KubeObject, changes: Change[], context: Context): void {
  const [first, ...rest] = changes
  if (first?.verb !== 'create' || first.resource !== REPLICA_SETS) {
    applyChanges(changes, context, COMPONENT)
    return
  }
  try {
    applyChanges([first], context, COMPONENT)
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown
    const answer =
      thrown.reason === 'AlreadyExists'
        ? countCollision(rollout)
        : reportCreateFailure(rollout, first.object, thrown, context.clock.now())
    applyChanges(answer, context, COMPONENT)
    throw thrown
  }
  applyChanges(rest, context, COMPONENT)
}
