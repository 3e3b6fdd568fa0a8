import { expect, it } from 'vitest'
import type { KubeObject } from '../../lib/kube/object.ts'
import { FakeApi } from '../../lib/kube/testing/fake-api.ts'
import { untilNetwork } from './network.ts'

const waits = { signal: new AbortController().signal, waiting: () => undefined }
const RBAC = '/apis/rbac.authorization.k8s.io/v1'
const ROLE = `${RBAC}/clusterroles/devenv-flannel`
const BINDING = `${RBAC}/clusterrolebindings/devenv-flannel`

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
  const answer = (path: string, body: object, then: () => void = () => undefined) =>
    api.answers.set(path, (response) => {
      then()
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  const kinds = { clusterroles: 'ClusterRole', clusterrolebindings: 'ClusterRoleBinding' }
  const resources = Object.entries(kinds).map(([name, kind]) => ({
    name,
    kind,
    namespaced: false,
    verbs: [],
  }))
  answer(RBAC, { resources })
  answer(ROLE, {})
  answer(BINDING, {}, () => api.put('v1/nodes', withNetwork))
  await untilNetwork(api.client(), 'demo', waits)
  const written = api.requests
    .filter(({ method }) => method === 'PATCH')
    .map(({ url, body }) => ({ path: url.replace(/\?.*/, ''), body }))
  expect(written.map(({ path }) => path).sort()).toEqual([
    '/api/v1/namespaces/kube-system/pods/coredns',
    BINDING,
    ROLE,
  ])
  expect(JSON.parse(written.find(({ path }) => path === BINDING)!.body)).toMatchObject({
    metadata: { labels: { 'devenv/environment': 'demo' } },
    roleRef: { name: 'devenv-flannel' },
    subjects: [{ kind: 'User', name: 'system:k3s-controller' }],
  })
})

it('writes nothing where pods have their network already', async () => {
  await using api = await FakeApi.start()
  api.put('v1/nodes', withNetwork)
  await untilNetwork(api.client(), 'demo', waits)
  expect(api.requests.map(({ method }) => method)).toEqual(['GET'])
})
