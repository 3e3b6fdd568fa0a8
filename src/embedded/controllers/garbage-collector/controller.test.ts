/** Garbage collection: background, foreground, orphan, and the cases in which nothing may be deleted. */
import { describe, expect, it } from 'vitest'
import type { KubeObject, OwnerReference } from '../../objects.ts'
import { controllerRef } from '../shared/owners.ts'
import { manifest, NAMESPACE } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { ALL_RESOURCES } from '../testing/kinds.ts'
import { garbageCollector } from './controller.ts'

const resources = () =>
  ALL_RESOURCES.map((resource) => ({
    resource,
    namespaced: !['v1/nodes', 'v1/namespaces'].includes(resource),
  }))

function start(): TestCluster {
  return new TestCluster([garbageCollector({ resources })])
}

function add(
  cluster: TestCluster,
  name: string,
  owners: OwnerReference[] = [],
  namespace = NAMESPACE,
): KubeObject {
  const metadata = { namespace, ...(owners.length > 0 ? { ownerReferences: owners } : {}) }
  return cluster.client.create('v1/configmaps', manifest('v1', 'ConfigMap', name, { metadata }))
}

const names = (cluster: TestCluster) =>
  cluster.client.list('v1/configmaps').map(({ metadata }) => metadata.name)
const remove = (cluster: TestCluster, name: string, propagationPolicy?: 'Foreground' | 'Orphan') =>
  cluster.client.delete('v1/configmaps', NAMESPACE, name, propagationPolicy ? { propagationPolicy } : {})

describe('background', () => {
  it('follows a chain of owners', async () => {
    await using cluster = start()
    const owner = add(cluster, 'owner')
    const child = add(cluster, 'child', [controllerRef(owner)])
    add(cluster, 'grandchild', [controllerRef(child)])
    add(cluster, 'bystander')
    await cluster.settle()
    expect(names(cluster)).toHaveLength(4)
    remove(cluster, 'owner')
    await cluster.settle()
    expect(names(cluster)).toEqual(['bystander'])
  })

  it('collects what is created for an owner that is not there, or is another by that name', async () => {
    await using cluster = start()
    const owner = add(cluster, 'owner')
    add(cluster, 'late', [{ ...controllerRef(owner), uid: 'of-the-one-before' }])
    await cluster.settle()
    expect(names(cluster)).toEqual(['owner'])
  })

  it('only takes away the reference when another owner lives', async () => {
    await using cluster = start()
    const one = add(cluster, 'one')
    const two = add(cluster, 'two')
    add(cluster, 'child', [controllerRef(one), { ...controllerRef(two), controller: false }])
    remove(cluster, 'one')
    await cluster.settle()
    const child = cluster.client.get('v1/configmaps', NAMESPACE, 'child')!
    expect(child.metadata.ownerReferences?.map((ref) => ref.name)).toEqual(['two'])
  })

  it('finds what died while nobody was watching', async () => {
    await using cluster = new TestCluster([])
    const owner = add(cluster, 'owner')
    add(cluster, 'child', [controllerRef(owner)])
    remove(cluster, 'owner')
    cluster.add(garbageCollector({ resources }))
    await cluster.settle()
    expect(names(cluster)).toEqual([])
  })
})

describe('nothing is deleted', () => {
  it('when the kind of the owner is not served', async () => {
    await using cluster = start()
    add(cluster, 'child', [{ apiVersion: 'x.io/v1', kind: 'Thing', name: 'x', uid: 'x' }])
    await cluster.settle()
    expect(names(cluster)).toEqual(['child'])
  })

  it('when a cluster-scoped object names a namespaced owner', async () => {
    await using cluster = start()
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' }]
    cluster.client.create('v1/nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n', ownerReferences },
    })
    await cluster.settle()
    expect(cluster.client.list('v1/nodes')).toHaveLength(1)
  })
})

it('an owner in another namespace counts as absent, with a warning', async () => {
  await using cluster = start()
  const owner = add(cluster, 'owner', [], 'other')
  add(cluster, 'child', [controllerRef(owner)])
  await cluster.settle()
  expect(names(cluster)).toEqual(['owner'])
  expect(cluster.events()).toEqual([
    `OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: ${owner.metadata.uid}] does not exist in namespace "default"`,
  ])
})

describe('foreground', () => {
  it('keeps the owner until the dependents that block are gone', async () => {
    await using cluster = start()
    const owner = add(cluster, 'owner')
    add(cluster, 'free', [{ ...controllerRef(owner), blockOwnerDeletion: false }])
    const held = add(cluster, 'held', [controllerRef(owner)])
    const finalizers = (list: string[] | null) =>
      cluster.client.patch(
        'v1/configmaps',
        NAMESPACE,
        'held',
        { metadata: { finalizers: list } },
        { type: 'merge' },
      )
    finalizers(['x.io/hold'])
    await cluster.settle()
    remove(cluster, 'owner', 'Foreground')
    await cluster.settle()
    expect(names(cluster)).toEqual(['owner', 'held'])
    expect(cluster.client.get('v1/configmaps', NAMESPACE, 'held')!.metadata).toMatchObject({
      uid: held.metadata.uid,
      deletionTimestamp: expect.any(String),
    })
    finalizers(null)
    await cluster.settle()
    expect(names(cluster)).toEqual([])
  })
})

describe('orphan', () => {
  it('leaves the dependents, without the reference', async () => {
    await using cluster = start()
    const owner = add(cluster, 'owner')
    add(cluster, 'child', [controllerRef(owner)])
    await cluster.settle()
    remove(cluster, 'owner', 'Orphan')
    await cluster.settle()
    expect(names(cluster)).toEqual(['child'])
    expect(cluster.client.get('v1/configmaps', NAMESPACE, 'child')!.metadata.ownerReferences).toBeUndefined()
  })
})
