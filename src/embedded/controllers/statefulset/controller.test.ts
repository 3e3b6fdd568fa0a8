/** StatefulSets: order, identity, claims, rolling update with partition. */
import { describe, expect, it } from 'vitest'
import { manifest, NAMESPACE, podTemplate } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { testKubelet } from '../testing/kubelet.ts'
import { statefulSetController } from './controller.ts'

const SETS = 'apps/v1/statefulsets'

function start(spec: Record<string, unknown> = {}): TestCluster {
  const cluster = new TestCluster([statefulSetController(), testKubelet()])
  const defaults = {
    replicas: 3,
    serviceName: 'db',
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    selector: { matchLabels: { app: 'db' } },
    template: podTemplate('db'),
  }
  cluster.client.create(SETS, manifest('apps/v1', 'StatefulSet', 'db', { spec: { ...defaults, ...spec } }))
  return cluster
}

const names = (cluster: TestCluster) => cluster.client.list('v1/pods').map(({ metadata }) => metadata.name)
const images = (cluster: TestCluster) =>
  Object.fromEntries(
    cluster.client.list('v1/pods').map((pod) => [pod.metadata.name, pod.spec.containers[0].image]),
  )
const status = (cluster: TestCluster) => cluster.client.get(SETS, NAMESPACE, 'db')!.status ?? {}
const patch = (cluster: TestCluster, spec: unknown) =>
  cluster.client.patch(SETS, NAMESPACE, 'db', { spec }, { type: 'merge' })
const ready = (cluster: TestCluster, count: number) => () =>
  status(cluster).readyReplicas === count && status(cluster).replicas === count

describe('OrderedReady', () => {
  it('starts one after the other, each with its identity and claim', async () => {
    const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }]
    await using cluster = start({ volumeClaimTemplates })
    await cluster.settle()
    expect(names(cluster)).toEqual(['db-0'])
    await cluster.until('all', ready(cluster, 3))
    expect(names(cluster)).toEqual(['db-0', 'db-1', 'db-2'])
    const pod = cluster.client.get('v1/pods', NAMESPACE, 'db-2')!
    expect(pod.metadata.labels).toMatchObject({
      app: 'db',
      'statefulset.kubernetes.io/pod-name': 'db-2',
      'apps.kubernetes.io/pod-index': '2',
      'controller-revision-hash': status(cluster).currentRevision,
    })
    expect(pod.spec).toMatchObject({
      hostname: 'db-2',
      subdomain: 'db',
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-2' } }],
    })
    expect(cluster.client.list('v1/persistentvolumeclaims').map(({ metadata }) => metadata.name)).toEqual([
      'data-db-0',
      'data-db-1',
      'data-db-2',
    ])
    expect(cluster.events('statefulset-controller')).toContain(
      'SuccessfulCreate: create Pod db-0 in StatefulSet db successful',
    )
  })

  it('stops from the top, one at a time, and keeps the claims', async () => {
    await using cluster = start()
    await cluster.until('all', ready(cluster, 3))
    patch(cluster, { replicas: 1 })
    await cluster.settle()
    const going = cluster.client.list('v1/pods').filter(({ metadata }) => metadata.deletionTimestamp)
    expect(going.map(({ metadata }) => metadata.name)).toEqual(['db-2'])
    await cluster.until('scaled', ready(cluster, 1))
    expect(names(cluster)).toEqual(['db-0'])
  })

  it('brings a failed pod back under its name', async () => {
    await using cluster = start({ replicas: 1 })
    await cluster.until('all', ready(cluster, 1))
    const { uid } = cluster.client.get('v1/pods', NAMESPACE, 'db-0')!.metadata
    cluster.client.patch(
      'v1/pods',
      NAMESPACE,
      'db-0',
      { status: { phase: 'Failed' } },
      { type: 'merge', subresource: 'status' },
    )
    await cluster.advance(2000)
    expect(cluster.client.get('v1/pods', NAMESPACE, 'db-0')!.metadata.uid).not.toBe(uid)
  })
})

it('Parallel starts all at once, from the first ordinal', async () => {
  await using cluster = start({ podManagementPolicy: 'Parallel', ordinals: { start: 5 } })
  await cluster.settle()
  expect(names(cluster)).toEqual(['db-5', 'db-6', 'db-7'])
})

describe('a rolling update', () => {
  it('goes down to the partition, and on when it is lowered', async () => {
    await using cluster = start({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    })
    await cluster.until('all', ready(cluster, 3))
    const before = status(cluster).currentRevision
    patch(cluster, { template: podTemplate('db', 'app:2') })
    await cluster.advance(10_000)
    expect(images(cluster)).toEqual({ 'db-0': 'app:1', 'db-1': 'app:1', 'db-2': 'app:2' })
    expect(status(cluster)).toMatchObject({ updatedReplicas: 1, currentReplicas: 2, currentRevision: before })
    // A pod below the partition comes back as it was.
    cluster.client.delete('v1/pods', NAMESPACE, 'db-0')
    await cluster.advance(5000)
    expect(images(cluster)['db-0']).toBe('app:1')
    patch(cluster, { updateStrategy: { rollingUpdate: { partition: 0 } } })
    await cluster.until('updated', () => status(cluster).currentRevision !== before)
    expect(Object.values(images(cluster))).toEqual(['app:2', 'app:2', 'app:2'])
    const { length } = cluster.client.writes
    await cluster.advance(60_000, 10_000)
    expect(cluster.client.writes).toHaveLength(length)
  })

  it('OnDelete waits for someone to delete', async () => {
    await using cluster = start({ updateStrategy: { type: 'OnDelete' } })
    await cluster.until('all', ready(cluster, 3))
    patch(cluster, { template: podTemplate('db', 'app:2') })
    await cluster.advance(5000)
    expect(new Set(Object.values(images(cluster)))).toEqual(new Set(['app:1']))
    cluster.client.delete('v1/pods', NAMESPACE, 'db-1')
    await cluster.advance(5000)
    expect(images(cluster)['db-1']).toBe('app:2')
  })
})
