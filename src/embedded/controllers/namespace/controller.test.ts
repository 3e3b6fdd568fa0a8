/** Namespace deletion: pods first and waited for, then the rest, then the namespace. */
import { expect, it } from 'vitest'
import type { Manifest } from '../../objects.ts'
import { manifest } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { namespaceController } from './controller.ts'

const resources = () => [
  { resource: 'v1/pods', namespaced: true },
  { resource: 'v1/configmaps', namespaced: true },
  { resource: 'v1/nodes', namespaced: false },
]

function start(): TestCluster {
  const cluster = new TestCluster([namespaceController({ resources })])
  const namespace: Manifest = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team' },
    spec: { finalizers: ['kubernetes'] },
  }
  cluster.client.create('v1/namespaces', namespace)
  cluster.client.create('v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } })
  return cluster
}

const inTeam = (kind: string, name: string, spec?: Record<string, unknown>, finalizers?: string[]) =>
  manifest('v1', kind, name, {
    metadata: { namespace: 'team', ...(finalizers ? { finalizers } : {}) },
    ...(spec ? { spec } : {}),
  })

it('an empty namespace goes at once', async () => {
  await using cluster = start()
  cluster.client.delete('v1/namespaces', undefined, 'team')
  await cluster.advance(10)
  expect(cluster.client.get('v1/namespaces', undefined, 'team')).toBeUndefined()
  expect(cluster.client.list('v1/nodes')).toHaveLength(1)
})

it('pods end before anything they may need is taken away', async () => {
  await using cluster = start()
  cluster.client.create('v1/pods', inTeam('Pod', 'p', { nodeName: 'n' }))
  cluster.client.create('v1/configmaps', inTeam('ConfigMap', 'c'))
  cluster.client.delete('v1/namespaces', undefined, 'team')
  await cluster.settle()
  expect(cluster.client.list('v1/configmaps')).toHaveLength(1)
  const { status } = cluster.client.get('v1/namespaces', undefined, 'team')!
  expect(status.phase).toBe('Terminating')
  expect(status.conditions).toContainEqual(
    expect.objectContaining({
      type: 'NamespaceContentRemaining',
      status: 'True',
      reason: 'SomeResourcesRemain',
      message:
        'Some resources are remaining: configmaps. has 1 resource instances, pods. has 1 resource instances',
    }),
  )
  cluster.client.delete('v1/pods', 'team', 'p', { gracePeriodSeconds: 0 })
  await cluster.advance(10)
  expect(cluster.client.list('v1/configmaps')).toEqual([])
  expect(cluster.client.get('v1/namespaces', undefined, 'team')).toBeUndefined()
})

it('waits for finalizers and names them', async () => {
  await using cluster = start()
  cluster.client.create('v1/configmaps', inTeam('ConfigMap', 'c', undefined, ['x.io/hold']))
  cluster.client.delete('v1/namespaces', undefined, 'team')
  await cluster.advance(5000)
  expect(cluster.client.get('v1/namespaces', undefined, 'team')!.status.conditions).toContainEqual(
    expect.objectContaining({
      type: 'NamespaceFinalizersRemaining',
      reason: 'SomeFinalizersRemain',
      message: 'Some content in the namespace has finalizers remaining: x.io/hold in 1 resource instances',
    }),
  )
  cluster.client.patch('v1/configmaps', 'team', 'c', { metadata: { finalizers: null } }, { type: 'merge' })
  await cluster.advance(1000)
  expect(cluster.client.get('v1/namespaces', undefined, 'team')).toBeUndefined()
})
