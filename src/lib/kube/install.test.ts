import { expect, it } from 'vitest'
import { inOrder, installObjects } from './install.ts'
import type { KubeObject } from './object.ts'
import { FakeApi } from './testing/fake-api.ts'

const object = (apiVersion: string, kind: string, name: string, spec?: object): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...(spec ? { spec } : {}),
})

it('applies definitions, then what the API server knows by itself, and what they define when they are served', () => {
  const crd = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'stores.example.com', {
    group: 'example.com',
    names: { kind: 'Store', plural: 'stores' },
    versions: [{ name: 'v1', served: true }],
  })
  const store = object('example.com/v1', 'Store', 'main')
  const webhook = object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'check')
  const deployment = object('apps/v1', 'Deployment', 'controller')
  const account = object('v1', 'ServiceAccount', 'controller')
  const namespace = object('v1', 'Namespace', 'system')
  expect(inOrder([webhook, store, deployment, account, crd, namespace])).toEqual({
    definitions: [crd, namespace],
    waves: [[account], [deployment], [webhook]],
    custom: [store],
  })
})

it('goes on when the API server was away for a moment', async () => {
  await using api = await FakeApi.start()
  api.answers.set('/api/v1', (response) => {
    const resources = [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['patch'] }]
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ resources }))
  })
  let cut = 1
  api.answers.set('/api/v1/namespaces/system/configmaps/settings', (response) => {
    if (cut-- > 0) response.destroy()
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  const settings: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'system' },
  }
  const told: string[] = []
  await installObjects(api.client(), [settings], {
    title: 'test',
    environment: 'demo',
    signal: new AbortController().signal,
    waiting: (what) => told.push(what),
  })
  expect(told).toEqual([expect.stringMatching(/ConfigMap settings: the API server does not answer/)])
})

it('waits before it makes pods, and has applied what they refer to by then', async () => {
  await using api = await FakeApi.start()
  for (const [path, name, kind] of [
    ['/api/v1', 'configmaps', 'ConfigMap'],
    ['/apis/apps/v1', 'deployments', 'Deployment'],
  ] as const)
    api.answers.set(path, (response) => {
      const resources = [{ name, kind, namespaced: true, verbs: ['patch'] }]
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ resources }))
    })
  const place = { name: 'main', namespace: 'system' }
  const objects = [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: place },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: place },
  ]
  api.put('v1/configmaps', objects[1]!)
  api.put('apps/v1/deployments', objects[0]!)
  const applied = () =>
    api.requests.filter(({ method }) => method === 'PATCH').map(({ url }) => url.split('/').at(-2))
  let before: unknown
  await installObjects(api.client(), objects, {
    title: 'test',
    environment: 'demo',
    signal: new AbortController().signal,
    waiting: () => undefined,
    beforePods: async () => {
      before = applied()
    },
  })
  expect(before).toEqual(['configmaps'])
  expect(applied()).toEqual(['configmaps', 'deployments'])
})
