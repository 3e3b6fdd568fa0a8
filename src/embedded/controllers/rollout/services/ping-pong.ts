/** Ping-pong: the two Services of a canary change roles at each promotion, so that no selector moves under load. */
import type { KubeObject } from '../../../objects.ts'
import type { RolloutPlan } from '../plan.ts'
import { hashOf } from '../replica-sets.ts'
import { isPromoted } from '../status/progress.ts'
import type { RolloutStatus } from '../types.ts'
import { findService, selectedHash, switchService } from './switch.ts'

export interface RoutedServices {
  stable: string | undefined
  canary: string | undefined
}

/** The Services that a load balancer divides traffic between: with ping-pong, in the roles that they have now. */
export function routedServices(rollout: KubeObject, status: RolloutStatus): RoutedServices {
  const { pingPong, stableService, canaryService } = rollout.spec.strategy.canary
  if (!pingPong) return { stable: stableService, canary: canaryService }
  const { pingService, pongService } = pingPong
  return isStablePing(status)
    ? { stable: pingService, canary: pongService }
    : { stable: pongService, canary: pingService }
}

/** Before the first promotion neither is stable, and ping takes the new pods. */
function isStablePing({ canary }: RolloutStatus): boolean {
  return canary?.stablePingPong === 'ping'
}

/** The Service that is not stable follows the new ReplicaSet at once: it has no weight as yet. */
export function reconcilePingPong(plan: RolloutPlan): void {
  const { rollout, before, newSet } = plan
  if (!rollout.spec.strategy.canary.pingPong || isPromoted(before)) return
  const service = findService(plan, routedServices(rollout, before).canary)
  if (service && selectedHash(service) !== hashOf(newSet)) switchService(plan, service, hashOf(newSet))
}

/** The status of a canary whose new version became stable: the other Service is the stable one now. */
export function swapPingPong(rollout: KubeObject, before: RolloutStatus, next: RolloutStatus): void {
  if (!rollout.spec.strategy.canary?.pingPong) return
  next.canary = { ...next.canary, stablePingPong: isStablePing(before) ? 'pong' : 'ping' }
}
