/** Where this machine reaches the stack's Services. */
import type { Environment } from '../config/environment.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { Endpoints } from '../lib/record.ts'

const SCHEMES = { coreApi: 'http', frontend: 'http', rabbitmq: 'amqp', rabbitmqManagement: 'http' } as const

/** Addresses of Services whose cluster IP this machine reaches, as it does where pods are local processes. */
export async function serviceEndpoints(kube: KubeClient, environment: Environment): Promise<Endpoints> {
  const found: Endpoints = {}
  for (const name of Object.keys(SCHEMES) as (keyof typeof SCHEMES)[]) {
    const { service, port } = environment.endpoints[name]
    const object = await kube.find('v1/services', service, { namespace: environment.namespace })
    const address = object?.spec?.clusterIP
    if (address && address !== 'None') found[name] = `${SCHEMES[name]}://${address}:${port}`
  }
  return found
}
