/** The Endpoints object of a Service: deprecated, still written, still read. */
import type { KubeObject, Manifest } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { canonicalJson, sameJson } from '../shared/json.ts'
import { ENDPOINTS } from '../shared/resources.ts'
import { type Backend, isHeadless } from './pods.ts'

const MANAGED_BY = 'endpoints.kubernetes.io/managed-by'
const HEADLESS = 'service.kubernetes.io/headless'

/** Creates or updates the object that bears the Service's name. */
export function reconcileEndpoints(
  service: KubeObject,
  all: Backend[],
  existing: KubeObject | undefined,
): Change[] {
  const labels = {
    ...service.metadata.labels,
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
    [MANAGED_BY]: 'endpoint-controller',
  }
  const subsets = subsetsOf(service, all)
  const { namespace, name } = service.metadata
  if (!existing) {
    const object: Manifest = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace, labels } }
    if (subsets.length > 0) object.subsets = subsets
    return [{ verb: 'create', resource: ENDPOINTS, object }]
  }
  if (sameJson(existing.subsets ?? [], subsets) && sameJson(existing.metadata.labels, labels)) return []
  const { subsets: _old, ...rest } = existing
  const object = { ...rest, metadata: { ...existing.metadata, labels } } as KubeObject
  if (subsets.length > 0) object.subsets = subsets
  return [{ verb: 'update', resource: ENDPOINTS, object }]
}

/** A terminating pod is in neither list, unless addresses are published whatever their state. */
function subsetsOf(service: KubeObject, all: Backend[]): Record<string, unknown>[] {
  const publishNotReady = service.spec.publishNotReadyAddresses === true
  const shown = all.filter(({ terminating }) => publishNotReady || !terminating)
  return [...Map.groupBy(shown, ({ ports }) => canonicalJson(ports)).values()].map((group) => {
    const addresses = group.filter(({ ready }) => ready).map(addressOf)
    const notReady = group.filter(({ ready }) => !ready).map(addressOf)
    const ports = group[0]!.ports.map(({ name, ...port }) => (name ? { name, ...port } : port))
    return {
      ...(addresses.length > 0 ? { addresses } : {}),
      ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
      ...(ports.length > 0 ? { ports } : {}),
    }
  })
}

function addressOf({ pod, ip }: Backend): Record<string, unknown> {
  const { hostname, subdomain, nodeName } = pod.spec ?? {}
  const { namespace, name, uid } = pod.metadata
  return {
    ip,
    ...(hostname && subdomain ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    targetRef: { kind: 'Pod', namespace, name, uid },
  }
}
