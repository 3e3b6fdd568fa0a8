import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeApi } from '../lib/kube/testing/fake-api.ts'
import { lockFolder } from '../lib/lock.ts'
import { stateDir } from '../lib/paths.ts'
import type { RunRecord } from '../lib/record.ts'
import { statusSource } from './gather.ts'
import { NAMESPACE, object, workload } from './testing-objects.ts'

let folder: string
let api: FakeApi
let management: Server
let authorization: string | undefined
let node: object

beforeEach(async () => {
  node = { disk_free_alarm: false, mem_alarm: false }
  folder = await mkdtemp(join(tmpdir(), 'status-'))
  vi.stubEnv('DEVENV_HOME', folder)
  api = await FakeApi.start()
  api.answers.set('/readyz', (response) => response.end('ok'))
  management = createServer((request, response) => {
    authorization = request.headers.authorization
    if (request.url?.startsWith('/api/overview')) {
      response.end(JSON.stringify({ rabbitmq_version: '3.10.8' }))
      return
    }
    if (request.url?.startsWith('/api/nodes')) {
      response.end(JSON.stringify([node]))
      return
    }
    const queue = {
      name: 'question_generation_task',
      messages_ready: 3,
      messages_unacknowledged: 1,
      consumers: 5,
    }
    response.end(JSON.stringify([queue]))
  })
  management.listen(0, '127.0.0.1')
  await once(management, 'listening')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  management.close()
  await api[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function recordOf(more: Partial<RunRecord> = {}): Promise<RunRecord> {
  const kubeconfig = join(folder, 'kubeconfig')
  const contexts = [{ name: 'c', context: { cluster: 'c' } }]
  const clusters = [{ name: 'c', cluster: { server: api.url } }]
  await writeFile(kubeconfig, JSON.stringify({ 'current-context': 'c', contexts, clusters }))
  return {
    apiVersion: 'devenv/v1',
    kind: 'Run',
    name: 'x',
    createdAt: '2026-01-01T00:00:00Z',
    checkout: '/src',
    cluster: { kind: 'embedded', reason: 'no engine', kubernetes: 'v1.35.0', kubeconfig },
    profile: 'fast',
    namespace: NAMESPACE,
    release: 'team1-project',
    endpoints: {
      rabbitmq: 'amqp://127.0.0.1:1',
      rabbitmqManagement: `http://127.0.0.1:${(management.address() as AddressInfo).port}`,
    },
    components: [],
    phase: 'Ready',
    ...more,
  }
}

async function gather(record: RunRecord) {
  await using source = statusSource(record)
  return await source.gather()
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

test('a whole environment: workloads, queues by the credentials of the Secret, secrets, canary', async () => {
  const data = { RABBITMQ_DEFAULT_USER: base64('me'), RABBITMQ_DEFAULT_PASS: base64('word') }
  api.put('v1/secrets', { ...object('Secret', 'rabbitmq-secrets', {}), data })
  api.put('apps/v1/deployments', workload('frontend', 1, 1))
  api.put('argoproj.io/v1alpha1/rollouts', workload('core-api', 1, 1, { phase: 'Healthy' }, 'Rollout'))
  const synced = {
    conditions: [{ type: 'Ready', status: 'True', message: 'secret synced' }],
    refreshTime: '2026-01-01T00:00:00Z',
  }
  api.put('external-secrets.io/v1/externalsecrets', object('ExternalSecret', 'rabbitmq-secrets', {}, synced))
  const components = [{ name: 'RabbitMQ', version: '', implementation: 'real' as const }]
  const status = await gather(await recordOf({ components }))
  expect(status).toMatchObject({
    kind: 'Status',
    phase: 'Degraded',
    message: expect.stringMatching(/^RabbitMQ: connect ECONNREFUSED/),
    components: [{ name: 'RabbitMQ', version: '3.10.8', endpoint: 'amqp://127.0.0.1:1', ready: false }],
    queues: [{ name: 'question_generation_task', ready: 3, unacked: 1, consumers: 5 }],
    workloads: [{ name: 'core-api', desired: 1, ready: 1 }, { name: 'frontend' }],
    canaries: [{ name: 'core-api', phase: 'Healthy', weight: 100 }],
    secrets: [{ name: 'rabbitmq-secrets', ready: true, refreshedAt: '2026-01-01T00:00:00Z' }],
  })
  expect(authorization).toBe(`Basic ${base64('me:word')}`)
})

test('an API server that does not answer is Degraded, or Starting while it comes up', async () => {
  const record = await recordOf()
  api.answers.set('/readyz', (response) => {
    response.writeHead(503)
    response.end('not yet')
  })
  expect(await gather(record)).toMatchObject({
    phase: 'Degraded',
    message: 'the API server does not answer: not yet',
  })
  const early = { ...record, cluster: { ...record.cluster, kubeconfig: join(folder, 'not-yet') } }
  {
    await using _up = await lockFolder(stateDir(record.name), 'x')
    for (const one of [record, early])
      expect(await gather({ ...one, phase: 'Starting' })).toMatchObject({ phase: 'Starting' })
  }
  // Nobody is at work on it any more.
  expect(await gather({ ...early, phase: 'Starting' })).toMatchObject({
    phase: 'Degraded',
    message: expect.stringContaining('it was ended before it was through'),
  })
  expect(await gather({ ...early, phase: 'Starting', failure: 'no cluster' })).toMatchObject({
    message: expect.stringContaining('no cluster'),
  })
  expect(await gather({ ...record, phase: 'Stopped' })).toMatchObject({ phase: 'Stopped' })
})

test('components are asked in their own way', async () => {
  const established = { conditions: [{ type: 'Established', status: 'True' }] }
  api.put('apiextensions.k8s.io/v1/customresourcedefinitions', {
    ...object('CustomResourceDefinition', 'scaledobjects.keda.sh', {}, established),
    metadata: { name: 'scaledobjects.keda.sh' },
  })
  const postgres = createTcpServer((socket) => socket.once('data', () => socket.end('N')))
  postgres.listen(0, '127.0.0.1')
  await once(postgres, 'listening')
  const at = `postgresql://127.0.0.1:${(postgres.address() as AddressInfo).port}/hr_assist`
  const version = '1'
  const record = await recordOf({
    components: [
      { name: 'KEDA', version, implementation: 'embedded' },
      { name: 'Argo CD', version, implementation: 'embedded' },
      { name: 'Postgres', version, implementation: 'real', endpoint: at },
      { name: 'Vault', version, implementation: 'embedded', endpoint: 'http://127.0.0.1:1' },
    ],
  })
  const { components, phase } = await gather(record)
  postgres.close()
  expect(components.map(({ name, ready }) => [name, ready])).toEqual([
    ['KEDA', true],
    ['Argo CD', false],
    ['Postgres', true],
    ['Vault', false],
  ])
  expect(components[1]?.message).toBe('CustomResourceDefinition applications.argoproj.io is missing')
  expect(phase).toBe('Degraded')
})

test('a broker that blocks is not ready, though its port is open', async () => {
  const data = { RABBITMQ_DEFAULT_USER: base64('me'), RABBITMQ_DEFAULT_PASS: base64('word') }
  api.put('v1/secrets', { ...object('Secret', 'rabbitmq-secrets', {}), data })
  node = { disk_free_alarm: true, disk_free: 0, disk_free_limit: 50_000_000, mem_alarm: false }
  const { port } = management.address() as AddressInfo
  const components = [
    { name: 'RabbitMQ', version: '', implementation: 'real' as const, endpoint: `amqp://127.0.0.1:${port}` },
  ]
  const { phase, components: found } = await gather(await recordOf({ components }))
  expect([phase, found[0]?.message]).toEqual([
    'Degraded',
    'takes no messages: its disk has 0 MB free, it wants 50 MB',
  ])
})

test('a server that takes connections and says nothing is not waited for, as where its virtual machine sleeps', async () => {
  api.answers.set('/readyz', () => undefined)
  await using source = statusSource(await recordOf(), { answerMs: 20 })
  expect(await source.gather()).toMatchObject({
    phase: 'Degraded',
    message: `the API server does not answer: ${api.url}: nothing within 0.02 s; npm run up starts it again`,
  })
})

test('a clock that is behind is told: ages are by the cluster’s', async () => {
  api.behindMs = 3 * 3_600_000
  await using source = statusSource(await recordOf())
  const { clock } = await source.gather()
  expect(clock?.aheadMs).toBeLessThan(-3 * 3_590_000)
})
