/** Endpoints that a person wrote for a Service without selector, mirrored into EndpointSlices. */
import type { KubeObject, Manifest } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { sameJson } from '../shared/json.ts'
import { controllerRef } from '../shared/owners.ts'
import { ENDPOINT_SLICES } from '../shared/resources.ts'
import { MANAGED_BY, SERVICE_NAME } from './slices.ts'

export const MIRROR = 'endpointslicemirroring-controller.k8s.io'
const SKIP = 'endpointslice.kubernetes.io/skip-mirror'

/** One slice for each subset, owned by the Endpoints; none when they opt out or are gone. */
export function reconcileMirror(
  service: KubeObject,
  endpoints: KubeObject | undefined,
  existing: KubeObject[],
): Change[] {
  const mirrored = endpoints?.metadata.labels?.[SKIP] === 'true' ? undefined : endpoints
  const wanted = mirrored
    ? (mirrored.subsets ?? []).map((subset: any) => mirrorOf(service, mirrored, subset))
    : []
  const changes: Change[] = []
  const unused = [...existing]
  for (const object of wanted as Manifest[]) {
    const at = unused.findIndex((slice) => sameJson(slice.ports ?? [], object.ports))
    const slice = at < 0 ? undefined : unused.splice(at, 1)[0]
    if (!slice) changes.push({ verb: 'create', resource: ENDPOINT_SLICES, object })
    else if (!sameJson(slice.endpoints ?? [], object.endpoints)) {
      const updated = { ...slice, endpoints: object.endpoints }
      changes.push({ verb: 'update', resource: ENDPOINT_SLICES, object: updated })
    }
  }
  for (const { metadata } of unused) {
    changes.push({
      verb: 'delete',
      resource: ENDPOINT_SLICES,
      namespace: metadata.namespace,
      name: metadata.name,
    })
  }
  return changes
}

function mirrorOf(service: KubeObject, endpoints: KubeObject, subset: any): Manifest {
  const ready = (subset.addresses ?? []).map((address: any) => endpointOf(address, true))
  const notReady = (subset.notReadyAddresses ?? []).map((address: any) => endpointOf(address, false))
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${service.metadata.name}-`,
      namespace: service.metadata.namespace,
      labels: {
        ...endpoints.metadata.labels,
        [SERVICE_NAME]: service.metadata.name,
        [MANAGED_BY]: MIRROR,
      },
      ownerReferences: [controllerRef(endpoints)],
    },
    addressType: 'IPv4',
    endpoints: [...ready, ...notReady],
    ports: (subset.ports ?? []).map((port: any) => ({ name: '', protocol: 'TCP', ...port })),
  }
}

function endpointOf(address: any, ready: boolean): Record<string, unknown> {
  const { ip, hostname, nodeName, targetRef } = address
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    ...(targetRef ? { targetRef } : {}),
  }
}
