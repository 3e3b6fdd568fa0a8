/** A Rollout runs its replicas, rolls to a new template and reports what HPA, KEDA and status read. */
import { expect, it } from 'vitest'
import { replicaSetController } from '../replicaset/controller.ts'
import { isActive, isReady } from '../shared/pods.ts'
import { manifest, NAMESPACE, podTemplate } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { testKubelet } from '../testing/kubelet.ts'
import { rolloutBasicController } from './controller.ts'
import { HASH_LABEL, ROLLOUTS } from './reconcile.ts'

it('runs, rolls without a gap, scales, and settles', async () => {
  await using cluster = new TestCluster([rolloutBasicController(), replicaSetController(), testKubelet()])
  const { client } = cluster
  const spec = { replicas: 3, selector: { matchLabels: { app: 'api' } }, template: podTemplate('api') }
  client.create(ROLLOUTS, manifest('argoproj.io/v1alpha1', 'Rollout', 'api', { spec }))
  const status = () => client.get(ROLLOUTS, NAMESPACE, 'api')!.status ?? {}
  const healthy = (generation: number) => () =>
    status().phase === 'Healthy' && status().observedGeneration === String(generation)
  await cluster.until('healthy', healthy(1))
  const first = status().currentPodHash
  expect(status()).toMatchObject({
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    HPAReplicas: 3,
    selector: 'app=api',
    stableRS: first,
  })
  expect(client.list('apps/v1/replicasets')[0]!.metadata.labels![HASH_LABEL]).toBe(first)

  const breaches: number[] = []
  client.watch('v1/pods', () => {
    const ready = client.list('v1/pods').filter(isActive).filter(isReady).length
    if (ready < 3) breaches.push(ready)
  })
  client.patch(
    ROLLOUTS,
    NAMESPACE,
    'api',
    { spec: { template: podTemplate('api', 'app:2') } },
    { type: 'merge' },
  )
  await cluster.until('rolled', healthy(2))
  expect(breaches).toEqual([])
  expect(status().stableRS).not.toBe(first)

  client.setScale(ROLLOUTS, NAMESPACE, 'api', 1)
  await cluster.until('scaled', healthy(3))
  await cluster.advance(5000)
  expect(client.list('v1/pods')).toHaveLength(1)
  const { length } = client.writes
  await cluster.advance(60_000, 10_000)
  expect(client.writes).toHaveLength(length)
})
