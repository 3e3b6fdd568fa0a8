/** kubectl's columns of services, their endpoints and ingresses. */
import type { KubeObject } from '../../objects.ts'
import { AGE, type Column, firstThree, labelsText, NAME, selectorText, text, wide } from './column.ts'

export const SERVICES: Column[] = [
  NAME,
  text('Type', ({ spec }) => spec?.type),
  text('Cluster-IP', ({ spec }) => spec?.clusterIPs?.[0] ?? (spec?.clusterIP || '<none>')),
  text('External-IP', externalAddress),
  text('Port(s)', ({ spec }) => portsText(spec?.ports ?? [])),
  AGE,
  wide(text('Selector', ({ spec }) => labelsText(spec?.selector))),
]

function externalAddress({ spec = {}, status }: KubeObject): string {
  const own: string[] = spec.externalIPs ?? []
  if (spec.type === 'ExternalName') return spec.externalName
  if (spec.type !== 'LoadBalancer') return own.join(',') || '<none>'
  return [...balancerAddresses(status), ...own].join(',') || '<pending>'
}

function balancerAddresses(status: any): string[] {
  return (status?.loadBalancer?.ingress ?? []).map((each: any) => each.ip ?? each.hostname).filter(Boolean)
}

function portsText(ports: any[]): string {
  return (
    ports
      .map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
      .join(',') || '<none>'
  )
}

export const ENDPOINTS: Column[] = [
  NAME,
  text('Endpoints', (endpoints) =>
    firstThree(
      (endpoints.subsets ?? []).flatMap(({ addresses = [], ports = [] }: any) =>
        addresses.flatMap(({ ip }: any) =>
          ports.length ? ports.map(({ port }: any) => `${ip}:${port}`) : [ip],
        ),
      ),
    ),
  ),
  AGE,
]

export const ENDPOINT_SLICES: Column[] = [
  NAME,
  text('AddressType', (slice) => slice.addressType),
  text('Ports', (slice) => {
    if (slice.ports === undefined || slice.ports === null) return '<unset>'
    return firstThree(slice.ports.map(({ port }: any) => (port === undefined ? '*' : String(port)))).replace(
      '<none>',
      '<unset>',
    )
  }),
  text('Endpoints', (slice) => {
    const addresses = (slice.endpoints ?? []).flatMap((each: any) => each.addresses ?? [])
    return addresses.length ? firstThree(addresses) : '<unset>'
  }),
  AGE,
]

export const INGRESSES: Column[] = [
  NAME,
  text('Class', ({ spec }) => spec?.ingressClassName ?? '<none>'),
  text('Hosts', ({ spec }) => {
    const hosts = (spec?.rules ?? []).map((rule: any) => rule.host || '*')
    return hosts.length ? firstThree(hosts) : '*'
  }),
  text('Address', ({ status }) => balancerAddresses(status).join(',')),
  text('Ports', ({ spec }) => (spec?.tls?.length ? '80, 443' : '80')),
  AGE,
]

export const INGRESS_CLASSES: Column[] = [
  NAME,
  text('Controller', ({ spec }) => spec?.controller),
  text('Parameters', ({ spec }) => {
    const { apiGroup, kind, name } = spec?.parameters ?? {}
    if (!kind) return '<none>'
    return `${kind}${apiGroup ? `.${apiGroup}` : ''}/${name}`
  }),
  AGE,
]

export const NETWORK_POLICIES: Column[] = [
  NAME,
  text('Pod-Selector', ({ spec }) => selectorText(spec?.podSelector)),
  AGE,
]
