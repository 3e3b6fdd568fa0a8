/** Checks of the Ingresses that a canary's routers name: they exist, and send requests to its Service. */
import type { RolloutInput } from '../plan.ts'
import { hasRuleFor, ingressesOf } from '../traffic/ingresses.ts'
import { invalid } from './field-error.ts'

export function ingressError({ rollout, ingresses }: RolloutInput): string | undefined {
  for (const { name, field, service } of ingressesOf(rollout)) {
    const path = `spec.strategy.canary.trafficRouting.${field}`
    const ingress = ingresses.find(({ metadata }) => metadata.name === name)
    if (!ingress) return invalid(path, name, `ingress.networking.k8s.io "${name}" not found`)
    if (hasRuleFor(ingress, service)) continue
    return invalid(path, name, `ingress \`${name}\` has no rules using service ${service} backend`)
  }
  return undefined
}
