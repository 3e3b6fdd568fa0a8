/** All core controllers together on the real API server, with a test kubelet for a node. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeClock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/log.ts'
import { type Api, createApi } from '../api/index.ts'
import type { Client } from '../client.ts'
import { createCatalog } from '../schema/index.ts'
import { coreControllers } from './core.ts'
import { ControllerManager } from './runtime/manager.ts'
import { servedResources } from './shared/served.ts'
import { deployment, manifest, podTemplate } from './testing/builders.ts'
import { testKubelet } from './testing/kubelet.ts'

const TEAM = { metadata: { namespace: 'team' } }
let api: Api
let clock: FakeClock
let client: Client
let manager: ControllerManager
let warnings: string[]

beforeEach(async () => {
  clock = new FakeClock()
  const catalog = createCatalog()
  let address = 1
  api = createApi({
    catalog,
    clock,
    allocator: { allocate: () => `127.96.0.${address++}`, reserve() {} },
  })
  client = api.client
  warnings = []
  const log = { ...silentLogger, warn: (message: string) => void warnings.push(message), child: () => log }
  manager = new ControllerManager({ client, clock, log })
  const resources = () => servedResources(catalog)
  const metrics = { podUsage: () => [], external: { values: async () => [] } }
  for (const controller of coreControllers({
    caCertificate: 'a certificate',
    resources,
    hpaSyncPeriodMs: 1000,
    metrics,
  })) {
    manager.add(controller)
  }
  manager.add(testKubelet({ bind: false }))
  client.create('v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1' },
    status: { allocatable: { cpu: '8', memory: '16Gi', pods: '110' } },
  })
  client.create('v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } })
  await settle()
})

afterEach(async () => {
  await manager[Symbol.asyncDispose]()
  api[Symbol.dispose]()
})

async function settle(): Promise<void> {
  do await clock.advance(0)
  while (!manager.idle)
}

async function until(what: string, done: () => unknown): Promise<void> {
  for (let step = 0; step < 400; step++) {
    await settle()
    if (done()) return
    await clock.advance(250)
  }
  throw new Error(`did not happen: ${what}; ${warnings.at(-1)}`)
}

const web = () => client.get('apps/v1/deployments', 'team', 'web')

function createWeb(replicas: number): void {
  const object = deployment('web', { replicas })
  client.create('apps/v1/deployments', { ...object, metadata: { ...object.metadata, ...TEAM.metadata } })
}

it('a Deployment comes up, rolls, settles, and takes everything with it when its namespace goes', async () => {
  createWeb(3)
  const spec = { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] }
  client.create('v1/services', manifest('v1', 'Service', 'web', { ...TEAM, spec }))
  const budget = { minAvailable: 2, selector: { matchLabels: { app: 'web' } } }
  client.create(
    'policy/v1/poddisruptionbudgets',
    manifest('policy/v1', 'PodDisruptionBudget', 'web', { ...TEAM, spec: budget }),
  )
  await until('available', () => web()!.status?.availableReplicas === 3)
  const slices = () => client.list('discovery.k8s.io/v1/endpointslices', { namespace: 'team' })
  await settle()
  expect(slices()).toHaveLength(1)
  expect(slices()[0]!.endpoints).toHaveLength(3)
  expect(client.get('policy/v1/poddisruptionbudgets', 'team', 'web')!.status).toMatchObject({
    disruptionsAllowed: 1,
  })

  client.patch(
    'apps/v1/deployments',
    'team',
    'web',
    { spec: { template: podTemplate('web', 'app:2') } },
    { type: 'merge' },
  )
  await until('rolled', () => {
    const { status, metadata } = web()!
    return (
      status.observedGeneration === metadata.generation &&
      status.updatedReplicas === 3 &&
      status.replicas === 3
    )
  })
  await until('old pods gone', () => client.list('v1/pods', { namespace: 'team' }).length === 3)
  await clock.advance(2000)
  await settle()

  const { revision } = api.store
  await clock.advance(60_000)
  await settle()
  expect(api.store.revision).toBe(revision)

  client.delete('v1/namespaces', undefined, 'team')
  await until('namespace gone', () => !client.get('v1/namespaces', undefined, 'team'))
  expect(client.list('v1/pods')).toEqual([])
  expect(warnings).toEqual([])
})

it('deleting a Deployment takes its ReplicaSet and pods along', async () => {
  createWeb(2)
  await until('available', () => web()!.status?.availableReplicas === 2)
  client.delete('apps/v1/deployments', 'team', 'web', { propagationPolicy: 'Foreground' })
  expect(web()!.metadata.finalizers).toEqual(['foregroundDeletion'])
  await until('gone', () => !web() && client.list('v1/pods').length === 0)
  expect(client.list('apps/v1/replicasets')).toEqual([])
})

it('a Job runs to its end, a StatefulSet comes up in order', async () => {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] } }
  client.create('batch/v1/jobs', manifest('batch/v1', 'Job', 'work', { ...TEAM, spec: { template } }))
  const set = {
    replicas: 2,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: podTemplate('db'),
  }
  client.create('apps/v1/statefulsets', manifest('apps/v1', 'StatefulSet', 'db', { ...TEAM, spec: set }))
  const job = () => client.get('batch/v1/jobs', 'team', 'work')!
  await until('job ready', () => job().status?.ready === 1)
  const [pod] = client.list('v1/pods', {
    namespace: 'team',
    labelSelector: 'batch.kubernetes.io/job-name=work',
  })
  const ended = { status: { phase: 'Succeeded' } }
  client.patch('v1/pods', 'team', pod!.metadata.name, ended, { type: 'merge', subresource: 'status' })
  await until('job complete', () => job().status?.completionTime)
  await until(
    'set ready',
    () => client.get('apps/v1/statefulsets', 'team', 'db')!.status?.readyReplicas === 2,
  )
  expect(warnings).toEqual([])
})

it('an HPA brings its target within bounds', async () => {
  createWeb(1)
  const spec = {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 3,
    maxReplicas: 5,
  }
  const object = manifest('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', { ...TEAM, spec })
  client.create('autoscaling/v2/horizontalpodautoscalers', object)
  await until('scaled', () => web()!.status?.availableReplicas === 3)
  const hpa = client.get('autoscaling/v2/horizontalpodautoscalers', 'team', 'web')!
  expect(hpa.status.conditions.map(({ type }: { type: string }) => type)).toContain('ScalingActive')
  expect(warnings).toEqual([])
})
