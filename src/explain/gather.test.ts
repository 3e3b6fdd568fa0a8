import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeClock } from '../lib/clock.ts'
import { FakeApi } from '../lib/kube/testing/fake-api.ts'
import { type Place, snapshotSource } from './gather.ts'
import { deployment, NOW, object, pod } from './testing.ts'

let folder: string
let api: FakeApi
let place: Place
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'why-'))
  api = await FakeApi.start()
  const kubeconfig = join(folder, 'kubeconfig')
  const contexts = [{ name: 'c', context: { cluster: 'c' } }]
  const clusters = [{ name: 'c', cluster: { server: api.url } }]
  await writeFile(kubeconfig, JSON.stringify({ 'current-context': 'c', contexts, clusters }))
  const cluster: Place['cluster'] = { kind: 'context', reason: 'asked for', kubernetes: '', kubeconfig }
  place = { namespace: 'team1-ns', release: 'team1-project', endpoints: {}, cluster }
})
afterEach(async () => {
  await api[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function look() {
  await using source = await snapshotSource(place, { clock: new FakeClock(NOW) })
  return await source.look()
}

test('values of Secrets are not kept, and the time of the last write is', async () => {
  const managedFields = [
    { manager: 'eso', time: '2026-01-01T10:00:00Z', fieldsV1: { 'f:data': {} } },
    { manager: 'kubectl', time: '2026-01-01T11:00:00Z', fieldsV1: { 'f:metadata': {} } },
  ]
  const data = { PASSWORD: Buffer.from('hunter2').toString('base64') }
  api.put(
    'v1/secrets',
    object('Secret', 'rabbitmq-secrets', { data, metadata: { name: 's', managedFields } }),
  )
  const snapshot = await look()
  expect(snapshot.secrets).toEqual([
    { namespace: 'team1-ns', name: 's', keys: ['PASSWORD'], changedAt: '2026-01-01T10:00:00Z' },
  ])
  expect(JSON.stringify(snapshot)).not.toContain(data.PASSWORD)
})

test('what the cluster does not serve is empty, a broker out of reach is a sentence', async () => {
  api.put('apps/v1/deployments', deployment('question-worker', 1))
  const snapshot = await look()
  expect(snapshot).toMatchObject({
    now: NOW,
    workloads: [{ kind: 'Deployment' }],
    scaledObjects: [],
    unreadable: [],
  })
  expect(snapshot.queues).toMatch(/credentials is not there yet/)
})

test('what we may not list is named', async () => {
  api.answers.set('/api/v1/namespaces/team1-ns/secrets', (response) => {
    response.writeHead(403, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' }))
  })
  expect((await look()).unreadable).toEqual(['v1/secrets'])
})

test('only Applications that deploy into the namespace', async () => {
  const named = (name: string, namespace: string) =>
    object('Application', name, {
      metadata: { name, namespace: undefined },
      spec: { destination: { namespace } },
    })
  api.put('argoproj.io/v1alpha1/applications', named('ours', 'team1-ns'))
  api.put('argoproj.io/v1alpha1/applications', named('theirs', 'team2-ns'))
  expect((await look()).applications.map(({ metadata }) => metadata.name)).toEqual(['ours'])
})

test('the last lines of a container that ended badly', async () => {
  const terminated = { exitCode: 1 }
  const state = { waiting: { reason: 'CrashLoopBackOff' } }
  const containerStatuses = [{ name: 'web', state, lastState: { terminated } }]
  const crashed = pod('web-1', false, { status: { containerStatuses } })
  api.put('v1/pods', crashed)
  let asked = ''
  api.answers.set(`/api/v1/namespaces/team1-ns/pods/${crashed.metadata.name}/log`, (response, url) => {
    asked = url.search
    response.end('starting\nQUEUE is missing\n')
  })
  expect((await look()).lastWords).toEqual({ 'team1-project-web-1/web': 'starting QUEUE is missing' })
  expect(asked).toContain('previous=true')
})

test('an API server that does not answer is no bug of ours', async () => {
  await api[Symbol.asyncDispose]()
  await expect(look()).rejects.toMatchObject({
    code: 'UNREACHABLE',
  })
  api = await FakeApi.start()
})
