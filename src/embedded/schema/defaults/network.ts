/** Defaults of services and their neighbours (pkg/apis/{core,networking,discovery}/v1/defaults.go). */
import { fill, fillZero, items, type Loose, struct } from './fill.ts'

const AFFINITY_TIMEOUT_SECONDS = 10800

/** Addresses, node ports and IP families are the server's to allocate. */
export function defaultService(service: Loose): void {
  const spec = struct(service, 'spec')
  if (!spec) return
  fillZero(spec, { sessionAffinity: 'None', type: 'ClusterIP' })
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
  if (spec.sessionAffinity === 'ClientIP') {
    fill(spec, { sessionAffinityConfig: {} })
    fill(spec.sessionAffinityConfig, { clientIP: {} })
    fill(spec.sessionAffinityConfig.clientIP, { timeoutSeconds: AFFINITY_TIMEOUT_SECONDS })
  }
  for (const port of items(spec, 'ports')) {
    fillZero(port, { protocol: 'TCP', targetPort: port.port })
  }
  const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
  if (external) fillZero(spec, { externalTrafficPolicy: 'Cluster' })
  if (spec.type === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true })
  if (external || spec.type === 'ClusterIP') fill(spec, { internalTrafficPolicy: 'Cluster' })
  fill(service, { status: {} })
  fill(service.status, { loadBalancer: {} })
}

export function defaultEndpoints(endpoints: Loose): void {
  for (const subset of items(endpoints, 'subsets')) {
    for (const port of items(subset, 'ports')) fillZero(port, { protocol: 'TCP' })
  }
}

export function defaultEndpointSlice(slice: Loose): void {
  for (const port of items(slice, 'ports')) {
    fill(port, { name: '' })
    fillZero(port, { protocol: 'TCP' })
  }
}

export function defaultNetworkPolicy(policy: Loose): void {
  const spec = struct(policy, 'spec')
  if (!spec) return
  for (const rule of [...items(spec, 'ingress'), ...items(spec, 'egress')]) {
    for (const port of items(rule, 'ports')) fillZero(port, { protocol: 'TCP' })
  }
  if (!spec.policyTypes?.length)
    spec.policyTypes = items(spec, 'egress').length ? ['Ingress', 'Egress'] : ['Ingress']
}
