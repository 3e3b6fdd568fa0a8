import { expect, it } from 'vitest'
import type { KubeObject } from '../../lib/kube/object.ts'
import { FakeApi } from '../../lib/kube/testing/fake-api.ts'
import { restartStuck } from './restart-stuck.ts'

const BEGAN = Date.parse('2026-01-01T00:01:00Z')
const BEFORE = '2026-01-01T00:00:00Z'

function pod(
  name: string,
  reason: string,
  created = BEFORE,
  owner: string | undefined = 'ReplicaSet',
): KubeObject {
  const reference = { apiVersion: 'apps/v1', kind: owner, name: 'r', uid: 'r', controller: true }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'n',
      uid: name,
      creationTimestamp: created,
      ownerReferences: owner ? [reference] : [],
    },
    status: { containerStatuses: [{ name: 'c', state: { waiting: { reason } } }] },
  }
}

async function restarted(api: FakeApi): Promise<string[]> {
  const gone = new Set<string>()
  const kube = api.client()
  const { signal } = new AbortController()
  await restartStuck({ kube, restarted: gone }, ['n'], { signal, waiting: () => undefined }, BEGAN)
  kube.close()
  return [...gone]
}

it('starts pods anew that an earlier run left in back-off, and no others', async () => {
  await using api = await FakeApi.start()
  api.put('v1/pods', pod('no-image', 'ImagePullBackOff'))
  api.put('v1/pods', pod('crashing', 'CrashLoopBackOff'))
  api.put('v1/pods', pod('of-this-run', 'ErrImagePull', '2026-01-01T00:01:30Z'))
  api.put('v1/pods', pod('starting', 'ContainerCreating'))
  api.put('v1/pods', pod('nobodys', 'ErrImagePull', BEFORE, ''))
  // Its failures are counted.
  api.put('v1/pods', pod('of-a-job', 'ErrImagePull', BEFORE, 'Job'))
  expect(await restarted(api)).toEqual(['no-image', 'crashing'])
  const deleted = api.requests.filter(({ method }) => method === 'DELETE').map(({ url }) => url)
  expect(deleted).toEqual(['/api/v1/namespaces/n/pods/no-image', '/api/v1/namespaces/n/pods/crashing'])
})

it('leaves it to the kubelet where pods may not be deleted', async () => {
  await using api = await FakeApi.start()
  api.put('v1/pods', pod('stuck', 'ImagePullBackOff'))
  api.answers.set('/api/v1/namespaces/n/pods/stuck', (response) => {
    response.writeHead(403, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' }))
  })
  expect(await restarted(api)).toEqual([])
})
