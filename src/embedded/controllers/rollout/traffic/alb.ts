/** AWS load balancers: an action annotation on the Ingress divides the traffic between two Services. */
import { planEvent, type RolloutPlan } from '../plan.ts'
import type { WeightDestination } from '../types.ts'
import { INGRESSES, ingressesOf } from './ingresses.ts'

const MANAGED = 'rollouts.argoproj.io/managed-alb-annotations'

/** Writes the action, and into a second annotation that this Rollout did. Nobody verifies the weight here. */
export function routeAlb(plan: RolloutPlan, weight: number, additional: WeightDestination[]): void {
  const { rollout, ingresses } = plan
  const { alb } = rollout.spec.strategy.canary.trafficRouting
  const { stableService } = rollout.spec.strategy.canary
  const prefix: string = alb.annotationPrefix || 'alb.ingress.kubernetes.io'
  const key = `${prefix}/actions.${alb.rootService || stableService}`
  const action = forwardAction(plan, weight, additional)
  for (const { name } of ingressesOf(rollout)) {
    const ingress = ingresses.find(({ metadata }) => metadata.name === name)
    if (!ingress) continue
    const current = ingress.metadata.annotations ?? {}
    const annotations = { [key]: action, [MANAGED]: managed(current[MANAGED], rollout.metadata.name, key) }
    if (current[key] === action && current[MANAGED] === annotations[MANAGED]) continue
    const { namespace } = ingress.metadata
    planEvent(plan, 'PatchingALBIngress', `Updating Ingress \`${name}\` to desiredWeight '${weight}'`)
    plan.changes.push({
      verb: 'patch',
      resource: INGRESSES,
      namespace,
      name,
      patch: { metadata: { annotations } },
    })
  }
}

/** As the load balancer controller reads it; its weights always sum to 100. */
function forwardAction({ rollout }: RolloutPlan, weight: number, additional: WeightDestination[]): string {
  const { canaryService, stableService, trafficRouting } = rollout.spec.strategy.canary
  const { servicePort, stickinessConfig } = trafficRouting.alb
  const group = (ServiceName: string | undefined, Weight: number) => ({
    ServiceName,
    ServicePort: String(servicePort),
    Weight,
  })
  const others = additional.reduce((sum, destination) => sum + destination.weight, 0)
  return JSON.stringify({
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        group(canaryService, weight),
        ...additional.map((destination) => group(destination.serviceName, destination.weight)),
        group(stableService, 100 - weight - others),
      ],
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

function managed(text: string | undefined, rollout: string, key: string): string {
  let known: Record<string, string[]> = {}
  try {
    known = JSON.parse(text || '{}')
  } catch {
    // What nobody can read is written anew.
  }
  return JSON.stringify({ ...known, [rollout]: [...new Set([...(known[rollout] ?? []), key])] })
}
