/** ReplicaSets: which pods go first, slow start, adoption and release. */
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../objects.ts'
import { controllerOf } from '../../objects.ts'
import { manifest, NAMESPACE, podStatus, podTemplate, stored } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { slowStart } from './batches.ts'
import { replicaSetController } from './controller.ts'
import { DELETION_COST, podsToDelete } from './deletion-order.ts'

const NOW = Date.parse('2026-01-01T12:00:00Z')
const REPLICA_SETS = 'apps/v1/replicasets'

interface PodSpec {
  node?: string | null
  phase?: string
  ready?: boolean
  since?: string
  cost?: number
  restarts?: number
  created?: string
}

function pod(name: string, options: PodSpec = {}): KubeObject {
  const {
    node = 'n',
    phase = 'Running',
    ready = true,
    since = '2026-01-01T00:00:00Z',
    restarts = 0,
  } = options
  return stored('v1', 'Pod', name, {
    metadata: {
      creationTimestamp: options.created ?? '2026-01-01T00:00:00Z',
      ...(options.cost === undefined ? {} : { annotations: { [DELETION_COST]: String(options.cost) } }),
    },
    spec: node === null ? {} : { nodeName: node },
    status: { ...podStatus({ phase, ready, since }), containerStatuses: [{ restartCount: restarts }] },
  })
}

describe('deletion order: the first difference decides', () => {
  const cases: [string, first: PodSpec, second: PodSpec][] = [
    ['no node before a node', { node: null }, {}],
    ['Pending before Running', { phase: 'Pending', ready: false }, { ready: false }],
    ['not ready before ready', { ready: false }, {}],
    ['cheaper before dearer', { cost: -1 }, {}],
    ['ready for a shorter time', { since: '2026-01-01T11:00:00Z' }, {}],
    ['more restarts', { restarts: 3 }, {}],
    ['younger', { created: '2026-01-01T11:00:00Z' }, {}],
    ['not ready, however dear', { ready: false, cost: 100 }, { cost: 1 }],
  ]
  it.each(cases)('%s', (_name, first, second) => {
    // In both orders, and with names that would say the opposite.
    const a = pod('z', first)
    const b = pod('a', second)
    expect(podsToDelete([a, b], [a, b], 1, NOW)).toEqual([a])
    expect(podsToDelete([b, a], [a, b], 1, NOW)).toEqual([a])
  })

  it('does not tell ages apart within a power of two', () => {
    const a = pod('a', { since: '2026-01-01T00:00:00Z' })
    const b = pod('b', { since: '2026-01-01T00:30:00Z' })
    expect(podsToDelete([b, a], [], 1, NOW)).toEqual([a])
  })

  it('thins out the crowded node', () => {
    const a = pod('a', { node: 'n1' })
    const b = pod('b', { node: 'n2' })
    expect(podsToDelete([a, b], [a, b, pod('c', { node: 'n2' })], 1, NOW)).toEqual([b])
  })
})

describe('slow start', () => {
  it.each([
    [0, 0],
    [1, 1],
    [10, 10],
  ])('makes %d', (count, expected) => {
    let made = 0
    expect(slowStart(count, () => void made++)).toBeUndefined()
    expect(made).toBe(expected)
  })

  it('ends with the first batch that fails', () => {
    let tried = 0
    const refused = new Error('quota')
    const failure = slowStart(500, () => {
      if (++tried > 2) throw refused
    })
    expect(failure).toBe(refused)
    expect(tried).toBe(3)
  })
})

describe('the controller', () => {
  function start(): TestCluster {
    return new TestCluster([replicaSetController()])
  }
  const create = (cluster: TestCluster, replicas: number) =>
    cluster.client.create(
      REPLICA_SETS,
      manifest('apps/v1', 'ReplicaSet', 'web', {
        spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: podTemplate('web') },
      }),
    )
  const pods = (cluster: TestCluster) => cluster.client.list('v1/pods')
  const mine = (one: KubeObject) => controllerOf(one)?.name === 'web'

  it('names pods after itself, and replaces one that ends or is deleted', async () => {
    await using cluster = start()
    create(cluster, 2)
    await cluster.settle()
    expect(pods(cluster).map(({ metadata }) => metadata.generateName)).toEqual(['web-', 'web-'])
    const { name } = pods(cluster)[0]!.metadata
    cluster.client.patch(
      'v1/pods',
      NAMESPACE,
      name,
      { status: { phase: 'Failed' } },
      { type: 'merge', subresource: 'status' },
    )
    await cluster.settle()
    expect(pods(cluster)).toHaveLength(3)
    cluster.client.delete('v1/pods', NAMESPACE, pods(cluster)[1]!.metadata.name)
    await cluster.settle()
    expect(pods(cluster)).toHaveLength(3)
    expect(cluster.events().filter((event) => event.startsWith('SuccessfulCreate'))).toHaveLength(4)
  })

  it('adopts an orphan that matches, and deletes what is then too many', async () => {
    await using cluster = start()
    cluster.client.create(
      'v1/pods',
      manifest('v1', 'Pod', 'stray', { metadata: { labels: { app: 'web' } }, spec: {} }),
    )
    create(cluster, 1)
    await cluster.settle()
    expect(
      pods(cluster)
        .filter(mine)
        .map(({ metadata }) => metadata.name),
    ).toEqual(['stray'])
    cluster.client.create(
      'v1/pods',
      manifest('v1', 'Pod', 'another', { metadata: { labels: { app: 'web' } }, spec: {} }),
    )
    await cluster.settle()
    expect(pods(cluster)).toHaveLength(1)
    expect(cluster.events().at(-1)).toMatch(/^SuccessfulDelete: Deleted pod: /)
  })

  it('releases a pod whose labels no longer match, and replaces it', async () => {
    await using cluster = start()
    create(cluster, 1)
    await cluster.settle()
    const { name } = pods(cluster)[0]!.metadata
    cluster.client.patch(
      'v1/pods',
      NAMESPACE,
      name,
      { metadata: { labels: { app: 'debug' } } },
      { type: 'merge' },
    )
    await cluster.settle()
    expect(pods(cluster)).toHaveLength(2)
    expect(cluster.client.get('v1/pods', NAMESPACE, name)!.metadata.ownerReferences).toBeUndefined()
  })
})
