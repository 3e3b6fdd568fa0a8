import { expect, it } from 'vitest'
import type { KubeObject } from '../../lib/kube/object.ts'
import { FakeApi } from '../../lib/kube/testing/fake-api.ts'
import { untilNetwork } from './network.ts'

const waits = { signal: new AbortController().signal, waiting: () => undefined }
const BINDING = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/devenv-flannel'

const node = (annotations: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'k3d-demo-server-0', annotations },
})
const withNetwork = node({ 'flannel.alpha.coreos.com/public-ip': '172.18.0.2' })
const pod = (name: string, status: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'kube-system' },
  status,
})

it('gives flannel leave to see nodes, waits for it, and has the pods looked at that tried before', async () => {
  await using api = await FakeApi.start()
  api.put('v1/nodes', node({}))
  api.put('v1/pods', pod('coredns', { phase: 'Pending' }))
  api.put('v1/pods', pod('metrics-server', { podIP: '10.42.0.3' }))
  api.answers.set(BINDING, (response) => {
    api.put('v1/nodes', withNetwork)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await untilNetwork(api.client(), 'demo', waits)
  const written = api.requests.filter(({ method }) => method === 'PATCH')
  expect(written.map(({ url }) => url.replace(/\?.*/, ''))).toEqual([
    BINDING,
    '/api/v1/namespaces/kube-system/pods/coredns',
  ])
  expect(JSON.parse(written[0]!.body)).toMatchObject({
    metadata: { labels: { 'devenv/environment': 'demo' } },
    roleRef: { name: 'system:node' },
    subjects: [{ kind: 'User', name: 'system:k3s-controller' }],
  })
})

it('writes nothing where pods have their network already', async () => {
  await using api = await FakeApi.start()
  api.put('v1/nodes', withNetwork)
  await untilNetwork(api.client(), 'demo', waits)
  expect(api.requests.map(({ method }) => method)).toEqual(['GET'])
})
