import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeClock } from '../../lib/clock.ts'
import { createCatalog } from '../schema/index.ts'
import { bootstrapObjects } from './bootstrap.ts'
import { type Api, createApi } from './create-api.ts'

let folder = ''
const clock = new FakeClock()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootstrap-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function open(reserved: string[] = []): Api {
  return createApi({
    catalog: createCatalog(),
    clock,
    storeFile: join(folder, 'store.db'),
    allocator: { allocate: () => '127.96.0.1', reserve: (ip) => void reserved.push(ip) },
  })
}

function bootstrap({ client }: Api, port: number): void {
  bootstrapObjects(client, {
    ca: 'PEM',
    address: '127.0.0.1',
    port,
    groupVersions: ['v1', 'apps/v1', 'metrics.k8s.io/v1beta1'],
    now: '2026-01-01T00:00:00Z',
  })
}

it('makes what every cluster has, once', () => {
  const api = open()
  bootstrap(api, 6443)
  expect(api.client.list('v1/namespaces').map(({ metadata }) => metadata.name)).toEqual([
    'default',
    'kube-node-lease',
    'kube-public',
    'kube-system',
  ])
  const services = api.client.list('apiregistration.k8s.io/v1/apiservices')
  expect(services.map(({ metadata, status }) => [metadata.name, status.conditions[0].reason])).toEqual([
    ['v1.', 'Local'],
    ['v1.apps', 'Local'],
    ['v1beta1.metrics.k8s.io', 'Passed'],
  ])
  const { revision } = api.store
  bootstrap(api, 6443)
  expect(api.store.revision).toBe(revision)
  api[Symbol.dispose]()
})

it('follows the port over a restart, and keeps everything else', () => {
  const first = open()
  bootstrap(first, 6443)
  const { uid } = first.client.get('v1/namespaces', undefined, 'default')!.metadata
  const { revision } = first.store
  first[Symbol.dispose]()

  const reserved: string[] = []
  const second = open(reserved)
  expect(second.store.revision).toBe(revision)
  expect(reserved).toEqual(['127.96.0.1'])
  bootstrap(second, 7443)
  expect(second.client.get('v1/namespaces', undefined, 'default')?.metadata.uid).toBe(uid)
  const slice = second.client.get('discovery.k8s.io/v1/endpointslices', 'default', 'kubernetes')
  expect(slice?.ports).toMatchObject([{ port: 7443 }])
  second[Symbol.dispose]()
})

it('serves stored definitions again after a restart', () => {
  const first = open()
  first.client.create('apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Cluster',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
      ],
    },
  })
  first.client.create('example.com/v1/widgets', {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'w' },
  })
  first[Symbol.dispose]()
  const second = open()
  expect(second.client.get('example.com/v1/widgets', undefined, 'w')?.kind).toBe('Widget')
  second[Symbol.dispose]()
})

it('lets events go after an hour', async () => {
  const api = open()
  bootstrap(api, 6443)
  const event = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: 'default' },
    involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
    lastTimestamp: new Date(clock.now()).toISOString(),
  })
  api.client.create('v1/events', event('old'))
  await clock.advance(40 * 60_000)
  api.client.create('v1/events', event('young'))
  await clock.advance(25 * 60_000)
  expect(api.client.list('v1/events').map(({ metadata }) => metadata.name)).toEqual(['young'])
  api[Symbol.dispose]()
})

it('shows events in both of their groups', () => {
  const api = open()
  bootstrap(api, 6443)
  const regarding = { kind: 'Pod', name: 'p', namespace: 'default' }
  api.client.create('events.k8s.io/v1/events', {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'default' },
    regarding,
    note: 'hello',
    reason: 'Tested',
    type: 'Normal',
    action: 'Test',
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'tester',
    reportingInstance: 'one',
  })
  expect(api.client.list('v1/events', { fieldSelector: 'involvedObject.name=p' })).toMatchObject([
    { apiVersion: 'v1', involvedObject: regarding, message: 'hello', reportingComponent: 'tester' },
  ])
  expect(api.client.get('events.k8s.io/v1/events', 'default', 'e')).toMatchObject({
    regarding,
    note: 'hello',
  })
  api[Symbol.dispose]()
})
