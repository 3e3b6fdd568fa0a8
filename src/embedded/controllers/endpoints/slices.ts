/** EndpointSlices of a Service: what they should hold, fitted onto those that exist. */
import type { KubeObject, Manifest } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { canonicalJson, sameJson } from '../shared/json.ts'
import { controllerRef } from '../shared/owners.ts'
import { podCondition } from '../shared/pods.ts'
import { ENDPOINT_SLICES } from '../shared/resources.ts'
import { type Backend, isHeadless, type ResolvedPort } from './pods.ts'

export const SERVICE_NAME = 'kubernetes.io/service-name'
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
export const CONTROLLER = 'endpointslice-controller.k8s.io'
const HEADLESS = 'service.kubernetes.io/headless'
const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time'
const MAX_ENDPOINTS = 100

interface Content {
  ports: ResolvedPort[] | null
  endpoints: Record<string, unknown>[] | null
}

/** Creates, updates and deletes until the slices say what `backends` say; `existing` are the Service's own. */
export function reconcileSlices(service: KubeObject, all: Backend[], existing: KubeObject[]): Change[] {
  const labels = sliceLabels(service)
  const unused = [...existing]
  const changes: Change[] = []
  const triggered = triggerTime(service, all)
  for (const content of contents(all)) {
    const at = bestMatch(unused, content)
    const slice = at < 0 ? undefined : unused.splice(at, 1)[0]
    if (!slice) {
      changes.push({
        verb: 'create',
        resource: ENDPOINT_SLICES,
        object: newSlice(service, content, triggered),
      })
    } else if (!holds(slice, content) || !sameJson(slice.metadata.labels, labels)) {
      const annotations = { ...slice.metadata.annotations, [TRIGGER_TIME]: triggered }
      const metadata = { ...slice.metadata, labels, annotations }
      changes.push({ verb: 'update', resource: ENDPOINT_SLICES, object: { ...slice, metadata, ...content } })
    }
  }
  for (const { metadata } of unused) {
    const { namespace, name } = metadata
    changes.push({ verb: 'delete', resource: ENDPOINT_SLICES, namespace, name })
  }
  return changes
}

/** One content for each set of ports in use, and for each hundred endpoints; one empty when nobody is there. */
function contents(all: Backend[]): Content[] {
  const byPorts = Map.groupBy(all, ({ ports }) => canonicalJson(ports))
  if (byPorts.size === 0) return [{ ports: null, endpoints: null }]
  return [...byPorts.values()].flatMap((group) => {
    const { ports } = group[0]!
    const chunks: Content[] = []
    for (let at = 0; at < group.length; at += MAX_ENDPOINTS) {
      chunks.push({ ports, endpoints: group.slice(at, at + MAX_ENDPOINTS).map(endpointOf) })
    }
    return chunks
  })
}

function endpointOf({ pod, ip, ready, serving, terminating }: Backend): Record<string, unknown> {
  const { hostname, subdomain, nodeName } = pod.spec ?? {}
  return {
    addresses: [ip],
    conditions: { ready, serving, terminating },
    ...(hostname && subdomain ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    targetRef: {
      kind: 'Pod',
      namespace: pod.metadata.namespace,
      name: pod.metadata.name,
      uid: pod.metadata.uid,
    },
  }
}

/** The slice that says this already, else one with the same ports, else an empty one, else any: -1 for none. */
function bestMatch(slices: KubeObject[], content: Content): number {
  const exact = slices.findIndex((slice) => holds(slice, content))
  if (exact >= 0) return exact
  const samePorts = slices.findIndex((slice) => sameJson(slice.ports ?? null, content.ports))
  return samePorts >= 0 ? samePorts : slices.length - 1
}

function holds(slice: KubeObject, content: Content): boolean {
  return (
    sameJson(listOrNull(slice.ports), listOrNull(content.ports)) &&
    sameJson(listOrNull(slice.endpoints), listOrNull(content.endpoints))
  )
}

/** The server may store null as an empty list, or the other way round. */
function listOrNull(list: unknown[] | null | undefined): unknown[] | null {
  return list && list.length > 0 ? list : null
}

function sliceLabels(service: KubeObject): Record<string, string> {
  return {
    ...service.metadata.labels,
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
    [SERVICE_NAME]: service.metadata.name,
    [MANAGED_BY]: CONTROLLER,
  }
}

function newSlice(service: KubeObject, content: Content, triggered: string): Manifest {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${service.metadata.name}-`,
      namespace: service.metadata.namespace,
      labels: sliceLabels(service),
      annotations: { [TRIGGER_TIME]: triggered },
      ownerReferences: [controllerRef(service)],
    },
    addressType: 'IPv4',
    ...content,
  }
}

/** When what the slices say came about: the latest readiness change, or the Service's creation. */
function triggerTime(service: KubeObject, all: Backend[]): string {
  const times = all.map(({ pod }) => podCondition(pod, 'Ready')?.lastTransitionTime ?? '')
  return [service.metadata.creationTimestamp, ...times].sort().at(-1)!
}
