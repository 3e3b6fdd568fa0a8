/** Ingress NGINX: a second Ingress with the canary's share, made after the stable one. */
import type { KubeObject, Manifest } from '../../../objects.ts'
import { sameJson } from '../../shared/json.ts'
import { controllerRef, isControlledBy } from '../../shared/owners.ts'
import { planEvent, type RolloutPlan } from '../plan.ts'
import { canaryIngressName, INGRESSES, ingressesOf } from './ingresses.ts'

const CLASS = 'kubernetes.io/ingress.class'

/** Creates the canary's Ingress for each stable one, or brings it up to date. */
export function routeNginx(plan: RolloutPlan, weight: number): void {
  const { rollout, ingresses } = plan
  for (const { name } of ingressesOf(rollout)) {
    const stable = ingresses.find(({ metadata }) => metadata.name === name)
    // Validation has seen to it that it is there.
    if (!stable) continue
    const wanted = canaryIngress(rollout, stable, weight)
    const existing = ingresses.find(({ metadata }) => metadata.name === wanted.metadata.name)
    if (!existing) {
      const text = `Creating canary ingress \`${wanted.metadata.name}\` with weight \`${weight}\``
      planEvent(plan, 'CreatingCanaryIngress', text)
      plan.changes.push({ verb: 'create', resource: INGRESSES, object: wanted })
    } else if (!isControlledBy(existing, rollout)) {
      const text = `canary ingress \`${wanted.metadata.name}\` controlled by different object`
      planEvent(plan, 'TrafficRoutingError', text, 'Warning')
    } else update(plan, existing, wanted, weight)
  }
}

/** Annotations of others stay. */
function update(plan: RolloutPlan, existing: KubeObject, wanted: Manifest, weight: number): void {
  const annotations = { ...existing.metadata.annotations, ...wanted.metadata.annotations }
  if (sameJson(existing.metadata.annotations, annotations) && sameJson(existing.spec, wanted.spec)) return
  const { namespace, name } = existing.metadata
  planEvent(plan, 'PatchingCanaryIngress', `Updating Ingress \`${name}\` to desiredWeight '${weight}'`)
  plan.changes.push({
    verb: 'patch',
    resource: INGRESSES,
    namespace,
    name,
    patch: { metadata: { annotations }, spec: wanted.spec },
  })
}

function canaryIngress(
  rollout: KubeObject,
  stable: KubeObject,
  weight: number,
): Manifest & { metadata: { name: string } } {
  const { canaryService, stableService, trafficRouting } = rollout.spec.strategy.canary
  const { tls, ingressClassName, rules = [] } = stable.spec
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: canaryIngressName(rollout.metadata.name, stable.metadata.name),
      namespace: rollout.metadata.namespace,
      annotations: annotationsOf(stable, trafficRouting, weight),
      ownerReferences: [controllerRef(rollout)],
    },
    spec: {
      ...(tls ? { tls } : {}),
      ...(ingressClassName ? { ingressClassName } : {}),
      rules: rules.flatMap((rule: any) => canaryRule(rule, stableService, canaryService)),
    },
  }
}

function annotationsOf(stable: KubeObject, { nginx, maxTrafficWeight }: any, weight: number) {
  const prefix: string = nginx.annotationPrefix || 'nginx.ingress.kubernetes.io'
  const annotations: Record<string, string> = {}
  const className = stable.metadata.annotations?.[CLASS]
  if (className !== undefined) annotations[CLASS] = className
  for (const [key, value] of Object.entries<string>(nginx.additionalIngressAnnotations ?? {})) {
    annotations[key.startsWith(prefix) ? key : `${prefix}/${key}`] = value
  }
  Object.assign(annotations, nginx.canaryIngressAnnotations)
  annotations[`${prefix}/canary`] = 'true'
  annotations[`${prefix}/canary-weight`] = String(weight)
  if (maxTrafficWeight !== undefined) annotations[`${prefix}/canary-weight-total`] = String(maxTrafficWeight)
  return annotations
}

/** A rule of the stable Ingress with the canary's Service in it; none when the stable Service is not in it. */
function canaryRule(rule: any, stableService: string, canaryService: string): unknown[] {
  const paths: any[] = rule.http?.paths ?? []
  if (!paths.some(({ backend }) => backend?.service?.name === stableService)) return []
  const moved = paths.map((path) =>
    path.backend?.service?.name === stableService
      ? { ...path, backend: { ...path.backend, service: { ...path.backend.service, name: canaryService } } }
      : path,
  )
  return [{ ...rule, http: { ...rule.http, paths: moved } }]
}
