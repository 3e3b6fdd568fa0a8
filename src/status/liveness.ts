/** Whether a component works, asked in the way that its users depend on. */
import http from 'node:http'
import net from 'node:net'
import { pressureOf } from '../components/ready/pressure.ts'
import { messageOf } from '../lib/errors.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { ComponentRecord, Endpoints } from '../lib/record.ts'
import { condition, holds } from './conditions.ts'
import type { ComponentStatus } from './status.ts'

/** How one product is checked: throws what is wrong, returns what was seen. */
type Check = (component: ComponentRecord, client: KubeClient) => Promise<string>

const TIMEOUT_MS = 3_000
const CRDS = 'apiextensions.k8s.io/v1/customresourcedefinitions'
const API_SERVICES = 'apiregistration.k8s.io/v1/apiservices'

/** By the component's name in lower case, letters only; and which endpoint of the environment is its own. */
const PRODUCTS: Record<string, { check: Check; endpoint?: keyof Endpoints }> = {
  kubernetes: { check: checkKubernetes, endpoint: 'kubernetes' },
  argocd: { check: operator('applications.argoproj.io', 'argocd'), endpoint: 'argocd' },
  argorollouts: { check: operator('rollouts.argoproj.io', 'argo-rollouts') },
  externalsecrets: { check: operator('externalsecrets.external-secrets.io', 'external-secrets') },
  keda: { check: checkKeda },
  vault: {
    check: outside((endpoint) => answersHttp(endpoint, '/v1/sys/health'), 'vault'),
    endpoint: 'vault',
  },
  rabbitmq: { check: ({ endpoint }) => accepts(endpoint, 5672), endpoint: 'rabbitmq' },
  postgres: { check: outside(answersPostgres, 'postgres'), endpoint: 'postgres' },
}

/** The component's record with what the check found. Never throws. */
export async function componentStatus(
  recorded: ComponentRecord,
  endpoints: Endpoints,
  client: KubeClient,
): Promise<ComponentStatus> {
  const product = PRODUCTS[recorded.name.toLowerCase().replaceAll(/[^a-z]/g, '')]
  const endpoint = recorded.endpoint ?? (product?.endpoint && endpoints[product.endpoint])
  const component = endpoint === undefined ? recorded : { ...recorded, endpoint }
  try {
    const message = product
      ? await product.check(component, client)
      : endpoint?.startsWith('http')
        ? await answersHttp(endpoint, '/')
        : 'not checked'
    return { ...component, ready: true, message }
  } catch (thrown) {
    return { ...component, ready: false, message: messageOf(thrown) }
  }
}

/**
 * What the broker said of itself, if it could be asked: a record made before it was there cannot know its version, one
 * with an alarm answers but blocks, and one without an address on this machine was reached through the API server.
 */
export function withBroker(
  component: ComponentStatus,
  { version, alarm }: { version?: string; alarm?: string },
): ComponentStatus {
  if (!version) return component
  const reached = component.endpoint ? {} : { ready: true, message: 'answers through the API server' }
  const known = { ...component, ...reached, version }
  return alarm && known.ready ? { ...known, ready: false, message: alarm } : known
}

/** An API that answers is of little use where no node takes pods. Who may not look at nodes is told nothing of them. */
async function checkKubernetes(_component: ComponentRecord, client: KubeClient): Promise<string> {
  const ready = await client.raw('GET', '/readyz')
  const nodes = await client.listIfServed('v1/nodes').catch(() => [])
  const pressure = pressureOf(nodes)
  if (pressure) throw new Error(`${pressure.what}: it takes no pods and evicts those that it has`)
  return ready
}

/** KEDA's pods may be up long before the HPA can ask it for metrics. */
async function checkKeda(component: ComponentRecord, client: KubeClient): Promise<string> {
  const found = await operator('scaledobjects.keda.sh', 'keda')(component, client)
  const service = await client.find(API_SERVICES, 'v1beta1.external.metrics.k8s.io')
  if (service && !holds(service, 'Available')) {
    throw new Error(condition(service, 'Available')?.message ?? 'the external metrics API is not available')
  }
  return found
}

/** An operator works when its CRD is established and, where it runs as pods, its Deployments are available. */
function operator(crd: string, usual: string): Check {
  return async (component, client) => {
    const definition = await client.find(CRDS, crd)
    if (!definition) throw new Error(`CustomResourceDefinition ${crd} is missing`)
    if (!holds(definition, 'Established'))
      throw new Error(`CustomResourceDefinition ${crd} is not established`)
    if (component.implementation === 'embedded') return 'API served'
    const namespace = component.namespace ?? usual
    const deployments = await client.listIfServed('apps/v1/deployments', { namespace })
    const down = deployments.filter((deployment) => !holds(deployment, 'Available'))
    if (deployments.length === 0) throw new Error(`namespace ${namespace} has no Deployments`)
    if (down.length > 0) {
      const names = down.map((deployment) => deployment.metadata.name).join(', ')
      throw new Error(`not available in ${namespace}: ${names}`)
    }
    return `${deployments.length} Deployments available`
  }
}

/** A service of the environment: asked at its address, or, where it is a pod, after its Deployment. */
function outside(ask: (endpoint: string | undefined) => Promise<string>, deployment: string): Check {
  return async ({ endpoint, namespace }, client) => {
    if (endpoint || !namespace) return ask(endpoint)
    const object = await client.find('apps/v1/deployments', deployment, { namespace })
    if (!object) throw new Error(`Deployment ${namespace}/${deployment} is missing`)
    if (!holds(object, 'Available')) throw new Error(`Deployment ${namespace}/${deployment} is not available`)
    return 'Deployment available'
  }
}

function answersHttp(endpoint: string | undefined, path: string): Promise<string> {
  if (!endpoint) return Promise.reject(new Error('its address is not known yet'))
  return new Promise((resolve, reject) => {
    const request = http.get(new URL(path, endpoint), { timeout: TIMEOUT_MS }, (response) => {
      response.resume()
      const code = response.statusCode ?? 0
      if (code < 500) resolve('answers')
      else reject(new Error(`answers HTTP ${code}`))
    })
    request.on('timeout', () => request.destroy(new Error('does not answer')))
    request.on('error', reject)
  })
}

function accepts(endpoint: string | undefined, defaultPort: number): Promise<string> {
  return talk(endpoint, defaultPort, (socket, resolve) => {
    socket.on('connect', () => resolve('accepts connections'))
  })
}

/** PostgreSQL answers an SSLRequest (protocol, "SSL Session Encryption") with one byte, S or N. */
function answersPostgres(endpoint: string | undefined): Promise<string> {
  const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])
  return talk(endpoint, 5432, (socket, resolve, reject) => {
    socket.on('connect', () => socket.write(sslRequest))
    socket.on('data', (bytes) => {
      const answer = String.fromCharCode(bytes[0] ?? 0)
      if (answer === 'S' || answer === 'N') resolve('accepts connections')
      else reject(new Error('something else than PostgreSQL answers'))
    })
    socket.on('end', () => reject(new Error('closed the connection')))
  })
}

function talk(
  endpoint: string | undefined,
  defaultPort: number,
  converse: (socket: net.Socket, resolve: (text: string) => void, reject: (error: Error) => void) => void,
): Promise<string> {
  if (!endpoint) return Promise.reject(new Error('its address is not known yet'))
  const url = new URL(endpoint.includes('://') ? endpoint : `tcp://${endpoint}`)
  const socket = net.connect({ host: url.hostname, port: Number(url.port || defaultPort) })
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('does not answer')))
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  socket.on('error', reject)
  converse(socket, resolve, reject)
  return promise.finally(() => socket.destroy())
}
