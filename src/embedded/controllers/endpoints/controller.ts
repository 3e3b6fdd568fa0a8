/** The Endpoints and EndpointSlice controllers in one: both say which pods stand behind a Service. */
import type { Client } from '../../client.ts'
import { type KubeObject, keyOf, parseKey } from '../../objects.ts'
import { matchesLabels } from '../../selectors.ts'
import { applyChanges, type Change } from '../runtime/changes.ts'
import type { Controller } from '../runtime/controller.ts'
import { sameJson } from '../shared/json.ts'
import { isControlledBy } from '../shared/owners.ts'
import { ENDPOINT_SLICES, ENDPOINTS, PODS, SERVICES } from '../shared/resources.ts'
import { reconcileEndpoints } from './endpoints.ts'
import { MIRROR, reconcileMirror } from './mirror.ts'
import { backends, isManaged } from './pods.ts'
import { CONTROLLER, MANAGED_BY, reconcileSlices, SERVICE_NAME } from './slices.ts'

/** Writes Endpoints and EndpointSlices for Services with a selector, and mirrors Endpoints for those without. */
export function endpointsController(): Controller {
  return {
    name: 'endpoint-controller',
    watches: [
      { resource: SERVICES },
      { resource: PODS, keys: servicesOf, when: matters },
      { resource: ENDPOINTS },
      { resource: ENDPOINT_SLICES, keys: serviceOfSlice },
    ],
    reconcile(key, context) {
      const { namespace, name } = parseKey(key)
      const { client } = context
      const service = client.get(SERVICES, namespace, name)
      if (!service || service.metadata.deletionTimestamp) {
        if (!service) removeEndpoints(client, namespace!, name)
        return undefined
      }
      const slices = client.list(ENDPOINT_SLICES, { namespace, labelSelector: `${SERVICE_NAME}=${name}` })
      const own = slices.filter((slice) => slice.metadata.labels?.[MANAGED_BY] === CONTROLLER)
      const mirrored = slices.filter((slice) => slice.metadata.labels?.[MANAGED_BY] === MIRROR)
      const endpoints = client.get(ENDPOINTS, namespace, name)
      const changes: Change[] = []
      if (isManaged(service)) {
        const all = backends(service, client.list(PODS, { namespace }))
        changes.push(...reconcileSlices(service, all, own), ...reconcileEndpoints(service, all, endpoints))
        changes.push(...reconcileMirror(service, undefined, mirrored))
      } else {
        changes.push(...reconcileMirror(service, endpoints, mirrored))
      }
      applyChanges(changes, context, 'endpointslice-controller')
      return undefined
    },
  }
}

/** The Endpoints share their Service's name rather than being owned by it, so they are cleaned up by hand. */
function removeEndpoints(client: Client, namespace: string, name: string): void {
  const endpoints = client.get(ENDPOINTS, namespace, name)
  if (endpoints?.metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') {
    client.delete(ENDPOINTS, namespace, name)
  }
}

function servicesOf(pod: KubeObject, client: Client): string[] {
  return client
    .list(SERVICES, { namespace: pod.metadata.namespace })
    .filter((service) => isManaged(service))
    .filter((service) => matchesLabels({ matchLabels: service.spec.selector }, pod.metadata.labels))
    .map(keyOf)
}

function serviceOfSlice(slice: KubeObject, client: Client): string[] {
  const name = slice.metadata.labels?.[SERVICE_NAME]
  const { namespace } = slice.metadata
  if (!name) return []
  const service = client.get(SERVICES, namespace, name)
  // Slices of another writer (the API server's own, say) are none of ours.
  if (service && slice.metadata.ownerReferences && !isControlledBy(slice, service)) return []
  return [`${namespace}/${name}`]
}

/** Only what an endpoint shows of a pod: labels, address, readiness, phase, deletion, node. */
function matters(pod: KubeObject, previous: KubeObject | undefined, type: string): boolean {
  if (!previous || type === 'DELETED') return true
  return !sameJson(aspects(pod), aspects(previous))
}

function aspects({ metadata, spec, status }: KubeObject): unknown {
  const ready = status?.conditions?.find((condition: { type: string }) => condition.type === 'Ready')
  return [
    metadata.labels,
    metadata.deletionTimestamp !== undefined,
    spec?.nodeName,
    status?.podIP,
    status?.phase,
    ready?.status,
  ]
}
