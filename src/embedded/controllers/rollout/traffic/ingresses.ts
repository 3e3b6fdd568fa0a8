/** The Ingresses that a canary's routers work with. */
import type { KubeObject, Resource } from '../../../objects.ts'

export const INGRESSES: Resource = 'networking.k8s.io/v1/ingresses'

const NAME_LIMIT = 253
const SUFFIX = '-canary'

interface NamedIngress {
  name: string
  /** Field below spec.strategy.canary.trafficRouting that names it. */
  field: string
  /** The Service that its rules must have. */
  service: string | undefined
}

/** Those that the spec names. */
export function ingressesOf(rollout: KubeObject): NamedIngress[] {
  const { stableService, trafficRouting } = rollout.spec?.strategy?.canary ?? {}
  const { nginx, alb } = trafficRouting ?? {}
  const named: [string, string | undefined, string[], string | undefined][] = [
    ['nginx.stableIngress', nginx?.stableIngress, [], stableService],
    ['nginx.stableIngresses', undefined, nginx?.stableIngresses ?? [], stableService],
    ['alb.ingress', alb?.ingress, [], alb?.rootService || stableService],
    ['alb.ingresses', undefined, alb?.ingresses ?? [], alb?.rootService || stableService],
  ]
  return named.flatMap(([field, one, many, service]) =>
    [...(one ? [one] : []), ...many].map((name) => ({ name, field, service })),
  )
}

/** The Ingress with the canary's share beside this stable one. */
export function canaryIngressName(rollout: string, stable: string): string {
  return `${`${rollout}-${stable}`.slice(0, NAME_LIMIT - SUFFIX.length)}${SUFFIX}`
}

/** Some rule sends requests to the Service. */
export function hasRuleFor({ spec }: KubeObject, service: string | undefined): boolean {
  const paths: any[] = (spec?.rules ?? []).flatMap((rule: any) => rule.http?.paths ?? [])
  return paths.some(({ backend }) => backend?.service?.name === service)
}
