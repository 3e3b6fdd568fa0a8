import { expect, test } from 'vitest'
import type { KubeObject } from '../lib/kube/object.ts'
import { FakeApi } from '../lib/kube/testing/fake-api.ts'
import { missingRestart, restart, restartsFor } from './restart.ts'

const workload = (kind: string, status: object): KubeObject => ({
  apiVersion: kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
  kind,
  metadata: { name: 'w', namespace: 'n', generation: 1 },
  spec: { replicas: 1, selector: { matchLabels: { app: 'w' } } },
  status,
})
const pod = (uid: string, deletionTimestamp?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `w-${uid}`,
    uid,
    labels: { app: 'w' },
    ...(deletionTimestamp ? { deletionTimestamp } : {}),
  },
})
const available = { observedGeneration: 1, updatedReplicas: 1, availableReplicas: 1 }

test('a workload without pods has nothing to restart', () => {
  expect(restartsFor([workload('Deployment', {})], [])).toEqual([])
  const [one] = restartsFor([workload('Rollout', {})], [pod('a'), pod('gone', 'now')])
  expect(one).toMatchObject({ resource: 'argoproj.io/v1alpha1/rollouts', old: new Set(['a']) })
})

test('it is through when the old pods have gone and the workload is available again', () => {
  const [one] = restartsFor([workload('Deployment', available)], [pod('a')])
  const look = (object: KubeObject, pods: KubeObject[]) => missingRestart(one!, object, pods)
  expect(look(workload('Deployment', available), [pod('a'), pod('b')])).toBe(
    'Deployment w: pod w-a is still the old one',
  )
  expect(look(workload('Deployment', available), [pod('a', 'now'), pod('b')])).toBe(
    'Deployment w: pod w-a finishes its work',
  )
  expect(look(workload('Deployment', { ...available, availableReplicas: 0 }), [pod('b')])).toBe(
    'Deployment w: 0/1 available',
  )
  expect(look(workload('Deployment', available), [pod('b')])).toBeUndefined()
})

test('a Rollout is restarted at once by the cluster’s clock: one that is behind would wait for the time to come', async () => {
  await using api = await FakeApi.start()
  api.behindMs = 3 * 3_600_000
  const rollouts = 'argoproj.io/v1alpha1/rollouts'
  const rollout = workload('Rollout', {})
  api.put(rollouts, rollout)
  const kube = api.client()
  await kube.get(rollouts, 'w', { namespace: 'n' })
  await restart(kube, { resource: rollouts, workload: rollout, old: new Set() })
  kube.close()
  const { body } = api.requests.find(({ method }) => method === 'PATCH')!
  const late = Date.now() - Date.parse(JSON.parse(body).spec.restartAt)
  expect(late).toBeGreaterThan(3 * 3_590_000)
})
