import { expect, it } from 'vitest'
import { LiveObjects } from '../../lib/kube/live.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { FakeApi } from '../../lib/kube/testing/fake-api.ts'
import { restartPulls } from './restart-pulls.ts'

const BEGAN = Date.parse('2026-01-01T00:01:00Z')

function pod(name: string, reason: string, created: string, owned = true): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'n',
      uid: name,
      creationTimestamp: created,
      ...(owned
        ? { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'r' }] }
        : {}),
    },
    status: { containerStatuses: [{ name: 'c', state: { waiting: { reason } } }] },
  }
}

it('starts pods anew that an earlier run left without their image, and no others', async () => {
  await using api = await FakeApi.start()
  const before = '2026-01-01T00:00:00Z'
  api.put('v1/pods', pod('stuck', 'ImagePullBackOff', before))
  api.put('v1/pods', pod('own', 'ErrImagePull', '2026-01-01T00:01:30Z'))
  api.put('v1/pods', pod('nobodys', 'ErrImagePull', before, false))
  api.put('v1/pods', pod('crashing', 'CrashLoopBackOff', before))
  const kube = api.client()
  using live = new LiveObjects(kube)
  const waiting: string[] = []
  const { signal } = new AbortController()
  await restartPulls({ kube, live }, 'n', { signal, waiting: (what) => waiting.push(what) }, BEGAN)
  const deleted = api.requests.filter(({ method }) => method === 'DELETE').map(({ url }) => url)
  expect(deleted).toEqual(['/api/v1/namespaces/n/pods/stuck'])
  expect(waiting[0]).toContain('stuck')
  kube.close()
})

it('leaves it to the kubelet where pods may not be deleted', async () => {
  await using api = await FakeApi.start()
  api.put('v1/pods', pod('stuck', 'ImagePullBackOff', '2026-01-01T00:00:00Z'))
  api.answers.set('/api/v1/namespaces/n/pods/stuck', (response) => {
    response.writeHead(403, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' }))
  })
  const kube = api.client()
  using live = new LiveObjects(kube)
  const { signal } = new AbortController()
  await restartPulls({ kube, live }, 'n', { signal, waiting: () => undefined }, BEGAN)
  kube.close()
})
