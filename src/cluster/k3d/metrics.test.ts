import { expect, it } from 'vitest'
import { FakeApi } from '../../lib/kube/testing/fake-api.ts'
import { setMetricsInterval } from './metrics.ts'

const waits = { signal: new AbortController().signal, waiting: () => undefined }

function metricsServer(...args: string[]) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'metrics-server', namespace: 'kube-system' },
    spec: { template: { spec: { containers: [{ name: 'metrics-server', args }] } } },
  }
}

it('sets what k3s’ own says of it, once k3s has made it, and writes nothing where it is so already', async () => {
  await using api = await FakeApi.start()
  const patches = () => api.requests.filter(({ method }) => method === 'PATCH')
  const set = setMetricsInterval(api.client(), 10, {
    ...waits,
    waiting: () =>
      api.put('apps/v1/deployments', metricsServer('--cert-dir=/tmp', '--metric-resolution=15s')),
  })
  await set
  expect(patches().map(({ body }) => JSON.parse(body).at(-1))).toEqual([
    {
      op: 'replace',
      path: '/spec/template/spec/containers/0/args',
      value: ['--cert-dir=/tmp', '--metric-resolution=10s', '--kubelet-request-timeout=5s'],
    },
  ])
  api.put('apps/v1/deployments', metricsServer('--metric-resolution=10s', '--kubelet-request-timeout=5s'))
  await setMetricsInterval(api.client(), 10, waits)
  expect(patches()).toHaveLength(1)
})
