/** Services that a Rollout points at one of its ReplicaSets, by a hash in their selector. */
import type { KubeObject } from '../../../objects.ts'
import { SERVICES } from '../../shared/resources.ts'
import { HASH_LABEL, MANAGED_BY } from '../names.ts'
import { isAborted, planEvent, type RolloutPlan } from '../plan.ts'
import { availableReplicas, hashOf, specReplicas } from '../replica-sets.ts'
import { isTrafficRouted } from '../spec.ts'
import { isRollingBackToStable } from '../traffic/desired-weight.ts'

/** The hash in a Service's selector, '' for none. */
export function selectedHash(service: KubeObject | undefined): string {
  return service?.spec?.selector?.[HASH_LABEL] ?? ''
}

export function findService(plan: RolloutPlan, name: string | undefined): KubeObject | undefined {
  return plan.services.find((service) => service.metadata.name === name)
}

/** Points the Service at a hash, and marks it as this Rollout's; nothing when it is so already. */
export function switchService(plan: RolloutPlan, service: KubeObject, hash: string): void {
  const before = selectedHash(service)
  const managed = service.metadata.annotations?.[MANAGED_BY] !== undefined
  if (before === hash && managed) return
  const selector = { [HASH_LABEL]: hash }
  const annotations = { [MANAGED_BY]: plan.rollout.metadata.name }
  const { namespace, name } = service.metadata
  plan.changes.push({
    verb: 'patch',
    resource: SERVICES,
    namespace,
    name,
    patch: { ...(managed ? {} : { metadata: { annotations } }), spec: { selector } },
  })
  service.spec.selector = { ...service.spec.selector, ...selector }
  service.metadata.annotations = { ...service.metadata.annotations, ...(managed ? {} : annotations) }
  planEvent(plan, 'SwitchService', `Switched selector for service '${name}' from '${before}' to '${hash}'`)
}

/** stableService and canaryService follow their ReplicaSets; with a basic canary's abort both are stable. */
export function reconcileCanaryServices(plan: RolloutPlan): void {
  const { stableService, canaryService } = plan.rollout.spec.strategy.canary
  follow(plan, stableService, plan.stableSet)
  const routed = isTrafficRouted(plan.rollout)
  // Behind a router the weight comes first, and the Service follows it.
  if (routed && (isAborted(plan) || isRollingBackToStable(plan))) return
  follow(plan, canaryService, isAborted(plan) ? plan.stableSet : plan.newSet)
}

/** Never points a Service at nothing: one pod must be available, and all of them where it is taken over. */
function follow(plan: RolloutPlan, name: string | undefined, replicaSet: KubeObject | undefined): void {
  const service = findService(plan, name)
  if (!service || !replicaSet || selectedHash(service) === hashOf(replicaSet)) return
  const available = availableReplicas(replicaSet)
  const adopted = service.metadata.annotations?.[MANAGED_BY] === undefined
  if (available === 0 || (adopted && available < specReplicas(replicaSet))) return
  switchService(plan, service, hashOf(replicaSet))
}
