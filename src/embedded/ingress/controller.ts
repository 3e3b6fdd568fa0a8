import type { Client } from '../client.ts'
import type { Context, Controller } from '../controllers/runtime/controller.ts'
import { sameJson } from '../controllers/shared/json.ts'
import { INGRESSES, SECRETS, SERVICES } from '../controllers/shared/resources.ts'
import { type KubeObject, parseKey } from '../objects.ts'
import { routesOf } from './route.ts'
import { type IngressTable, startIngress } from './server.ts'

export interface IngressOptions {
  /** The address that Ingresses get. */
  host: string
  fallback: { cert: string; key: string }
  lookup(hostname: string): string | undefined
}

/** The usual ports, and those that an ordinary user may have. */
const PORTS = [
  { http: 80, https: 443 },
  { http: 8080, https: 8443 },
]

/** Serves every Ingress, whatever its class: there is one ingress controller here. It listens once there is one. */
export function ingressController(options: IngressOptions): Controller {
  let started: Promise<number | undefined> | undefined
  let table: IngressTable = { routes: [], certificate: () => undefined, address: () => undefined }
  return {
    name: 'ingress-controller',
    watches: [
      { resource: INGRESSES },
      { resource: SERVICES, keys: () => ['services'], when: ({ spec }) => spec?.type === 'LoadBalancer' },
    ],
    async reconcile(key, context) {
      const { client } = context
      if (key === 'services') {
        for (const service of client.list(SERVICES)) balance(service, client)
        return undefined
      }
      const ingresses = client.list(INGRESSES)
      table = tableOf(ingresses, client, options.lookup)
      if (ingresses.length === 0) return undefined
      started ??= listen(options, () => table, context)
      const port = await started
      const { namespace, name } = parseKey(key)
      const ingress = client.get(INGRESSES, namespace, name)
      if (ingress && port !== undefined) writeAddress(INGRESSES, ingress, { ip: options.host }, client)
      return undefined
    },
  }
}

function tableOf(ingresses: KubeObject[], client: Client, lookup: IngressOptions['lookup']): IngressTable {
  return {
    routes: routesOf(ingresses),
    certificate(host) {
      for (const { metadata, spec } of ingresses) {
        for (const { hosts = [], secretName } of (spec?.tls ?? []) as {
          hosts?: string[]
          secretName?: string
        }[]) {
          if (!hosts.includes(host) || !secretName) continue
          const data = client.get(SECRETS, metadata.namespace, secretName)?.data
          if (data?.['tls.crt'] && data['tls.key'])
            return { cert: decoded(data['tls.crt']), key: decoded(data['tls.key']) }
        }
      }
      return undefined
    },
    address({ namespace, service, port }) {
      const ports = client.get(SERVICES, namespace, service)?.spec?.ports as
        | { name?: string; port: number }[]
        | undefined
      const found = ports?.find((one) => one.port === port || one.name === port)
      const host = lookup(`${service}.${namespace}.svc.cluster.local`)
      return found && host ? { host, port: found.port } : undefined
    },
  }
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString()
}

/** The first pair of ports that can be had; undefined, with a warning, when there is none. */
async function listen(
  { host, fallback }: IngressOptions,
  table: () => IngressTable,
  { log, signal }: Context,
): Promise<number | undefined> {
  for (const ports of PORTS) {
    try {
      const server = await startIngress({ host, ports, fallback, table })
      signal.addEventListener('abort', () => void server[Symbol.asyncDispose]())
      log.info('the ingress proxy listens', { host, ...ports })
      return ports.http
    } catch (thrown) {
      log.warn(`the ingress proxy cannot listen on ${host}:${ports.http}: ${(thrown as Error).message}`)
    }
  }
  return undefined
}

/** A Service's own address is reached from this machine: no other is needed for its load balancer. */
function balance(service: KubeObject, client: Client): void {
  const { type, clusterIP } = service.spec ?? {}
  if (type === 'LoadBalancer' && clusterIP)
    writeAddress(SERVICES, service, { ip: clusterIP, ipMode: 'VIP' }, client)
}

function writeAddress(resource: string, object: KubeObject, address: object, client: Client): void {
  const loadBalancer = { ingress: [address] }
  if (sameJson(object.status?.loadBalancer, loadBalancer)) return
  const { namespace, name } = object.metadata
  client.patch(
    resource,
    namespace,
    name,
    { status: { loadBalancer } },
    { type: 'merge', subresource: 'status' },
  )
}
