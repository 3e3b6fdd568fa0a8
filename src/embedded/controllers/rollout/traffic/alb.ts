/** AWS load balancers: an action annotation on the Ingress divides the traffic between two Services. */
import type { KubeObject } from '../../../objects.ts'
import type { RolloutPlan } from '../plan.ts'
import { routedServices } from '../services/ping-pong.ts'
import type { WeightDestination } from '../types.ts'
import { annotationKey, changeIngresses, withManaged } from './alb-ingress.ts'

interface TargetGroup {
  ServiceName: string | undefined
  ServicePort: string
  Weight: number
}

/** Writes the action, and into a second annotation that this Rollout did. Nobody verifies the weight here. */
export function routeAlb(plan: RolloutPlan, weight: number, additional: WeightDestination[]): void {
  const { rollout } = plan
  const { stableService, trafficRouting } = rollout.spec.strategy.canary
  const key = annotationKey(rollout, 'actions', trafficRouting.alb.rootService || stableService)
  const action = weightedAction(plan, weight, additional)
  changeIngresses(plan, `to desiredWeight '${weight}'`, ({ annotations, rules }) => ({
    annotations: withManaged(annotations, rollout.metadata.name, { [key]: action }),
    rules,
  }))
}

function weightedAction(
  { rollout, before }: RolloutPlan,
  weight: number,
  additional: WeightDestination[],
): string {
  const { stable, canary } = routedServices(rollout, before)
  const others = additional.reduce((sum, destination) => sum + destination.weight, 0)
  // The weights of a load balancer always sum to 100.
  return forwardAction(rollout, [
    targetGroup(rollout, canary, weight),
    ...additional.map((destination) => targetGroup(rollout, destination.serviceName, destination.weight)),
    targetGroup(rollout, stable, 100 - weight - others),
  ])
}

export function targetGroup(rollout: KubeObject, service: string | undefined, weight: number): TargetGroup {
  const { servicePort } = rollout.spec.strategy.canary.trafficRouting.alb
  return { ServiceName: service, ServicePort: String(servicePort), Weight: weight }
}

/** An action as the load balancer controller reads it. */
export function forwardAction(rollout: KubeObject, groups: TargetGroup[]): string {
  const { stickinessConfig } = rollout.spec.strategy.canary.trafficRouting.alb
  return JSON.stringify({
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: groups,
      ...(stickinessConfig?.enabled
        ? {
            TargetGroupStickinessConfig: {
              Enabled: true,
              DurationSeconds: stickinessConfig.durationSeconds,
            },
          }
        : {}),
    },
  })
}
