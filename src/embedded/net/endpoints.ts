/** The addresses behind a Service, from its EndpointSlices. Pure. */
import { isIPv4 } from 'node:net'
import type { KubeObject } from '../objects.ts'

export interface Backend {
  ip: string
  port: number
}

const serviceOf = (slice: KubeObject): string | undefined =>
  slice.metadata.labels?.['kubernetes.io/service-name']

/** The slices of a Service among those of its namespace. */
export function slicesOf(service: KubeObject, slices: KubeObject[]): KubeObject[] {
  return slices.filter((slice) => serviceOf(slice) === service.metadata.name && slice.addressType !== 'FQDN')
}

/**
 * Where connections to one port of a Service go: ready endpoints; when none is ready, those that still serve
 * while they terminate, as kube-proxy does.
 */
export function backendsOf(port: any, slices: KubeObject[]): Backend[] {
  const ready: Backend[] = []
  const terminating: Backend[] = []
  for (const slice of slices) {
    const target = (slice.ports ?? []).find((candidate: any) => (candidate.name ?? '') === (port.name ?? ''))
    if (target?.port === undefined) continue
    for (const endpoint of slice.endpoints ?? []) {
      const { ready: isReady, serving, terminating: isTerminating } = endpoint.conditions ?? {}
      const list = isReady !== false ? ready : serving && isTerminating ? terminating : undefined
      for (const ip of endpoint.addresses ?? []) if (isIPv4(ip)) list?.push({ ip, port: target.port })
    }
  }
  return ready.length > 0 ? ready : terminating
}

/** The addresses that a headless Service's name stands for, and the host names below it. */
export function headlessRecords(
  service: KubeObject,
  slices: KubeObject[],
): { ip: string; hostname?: string }[] {
  return slices.flatMap((slice) =>
    (slice.endpoints ?? [])
      .filter(
        (endpoint: any) => endpoint.conditions?.ready !== false || service.spec.publishNotReadyAddresses,
      )
      .flatMap((endpoint: any) =>
        (endpoint.addresses ?? []).map((ip: string) => ({
          ip,
          ...(endpoint.hostname ? { hostname: endpoint.hostname } : {}),
        })),
      ),
  )
}
