/** Where this machine reaches the stack's Services. */
import type { ServiceEndpoint, ServiceReach } from '../cluster/provider.ts'
import type { Environment } from '../config/environment.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { owned } from '../lib/kube/owned.ts'
import type { Endpoints } from '../lib/record.ts'
import { untilReachable } from './reachable.ts'

const SCHEMES = {
  coreApi: 'http',
  frontend: 'http',
  rabbitmq: 'amqp',
  rabbitmqManagement: 'http',
  argocd: 'http',
} as const

interface Target {
  name: ServiceEndpoint
  namespace: string
  service: string
  port: number
}

/**
 * The Services' addresses as this machine reaches them: their cluster IPs where pods are local processes, ports of
 * a node, or none where only the API server leads to them (the commands then forward by themselves).
 */
export async function serviceEndpoints(
  kube: KubeClient,
  environment: Environment,
  reach: ServiceReach,
  owner: string,
  signal: AbortSignal,
): Promise<Endpoints> {
  const found: Endpoints = {}
  if (reach.kind === 'forward') return found
  for (const target of targets(environment)) {
    const { name, namespace, service, port } = target
    const object = await kube.find('v1/services', service, { namespace })
    if (!object) continue
    if (reach.kind === 'node-port') {
      const { node, host } = reach.ports[name]
      await kube.apply('v1/services', owned(nodePortService(object, port, node), owner))
      found[name] = `${SCHEMES[name]}://${reach.host}:${host}`
    } else if (object.spec?.clusterIP && object.spec.clusterIP !== 'None') {
      found[name] = `${SCHEMES[name]}://${object.spec.clusterIP}:${port}`
    }
  }
  // The node takes a moment for a new port, and an address is printed for being used.
  if (reach.kind === 'node-port')
    await Promise.all(Object.values(found).map((address: string) => untilReachable(address, signal)))
  return found
}

function targets({ namespace, endpoints, prerequisites }: Environment): Target[] {
  const argocd = { namespace: prerequisites.appProject.namespace, service: 'argocd-server', port: 80 }
  return [
    ...(Object.keys(endpoints) as (keyof typeof endpoints)[]).map((name) => ({
      name,
      namespace,
      ...endpoints[name],
    })),
    { name: 'argocd', ...argocd },
  ]
}

/** The same pods behind a port of the node; the chart's own Service stays as the chart says. */
export function nodePortService(service: KubeObject, port: number, nodePort: number): KubeObject {
  const { name, namespace } = service.metadata
  const ports = (service.spec.ports ?? []) as { port: number; targetPort?: number | string }[]
  const targetPort = ports.find((candidate) => candidate.port === port)?.targetPort ?? port
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${name}-${port}-devenv`, ...(namespace ? { namespace } : {}) },
    spec: { type: 'NodePort', selector: service.spec.selector, ports: [{ port, targetPort, nodePort }] },
  }
}
