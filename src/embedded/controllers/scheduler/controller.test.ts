/** The scheduler: binding, refusals with the real one's words, and another try when room comes. */
import { describe, expect, it } from 'vitest'
import { manifest, NAMESPACE } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { schedulerController } from './controller.ts'

function start(node: Record<string, unknown> = {}): TestCluster {
  const cluster = new TestCluster([schedulerController()])
  cluster.client.create('v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', labels: { disk: 'ssd' } },
    spec: node,
    status: { allocatable: { cpu: '1', memory: '1Gi', pods: '3' } },
  })
  return cluster
}

function add(cluster: TestCluster, name: string, cpu: string, spec: Record<string, unknown> = {}): void {
  const containers = [{ name: 'app', resources: { requests: { cpu } } }]
  cluster.client.create('v1/pods', manifest('v1', 'Pod', name, { spec: { containers, ...spec } }))
}

const nodeOf = (cluster: TestCluster, name: string) =>
  cluster.client.get('v1/pods', NAMESPACE, name)!.spec.nodeName
const scheduled = (cluster: TestCluster, name: string) =>
  cluster.client
    .get('v1/pods', NAMESPACE, name)!
    .status.conditions?.find((condition: { type: string }) => condition.type === 'PodScheduled')

describe('a pod that fits', () => {
  it('is bound, with condition and event', async () => {
    await using cluster = start()
    add(cluster, 'a', '500m')
    await cluster.settle()
    expect(nodeOf(cluster, 'a')).toBe('node-1')
    expect(scheduled(cluster, 'a')).toMatchObject({ status: 'True', lastProbeTime: null })
    expect(cluster.events()).toEqual(['Scheduled: Successfully assigned default/a to node-1'])
  })

  it('is left to the scheduler it asks for', async () => {
    await using cluster = start()
    add(cluster, 'a', '500m', { schedulerName: 'other' })
    await cluster.settle()
    expect(nodeOf(cluster, 'a')).toBeUndefined()
  })
})

describe('a pod that does not fit', () => {
  it.each([
    [
      'cpu',
      '2',
      {},
      '1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    ],
    [
      'nodeSelector',
      '1m',
      { nodeSelector: { disk: 'hdd' } },
      "1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
    ],
  ])('%s: waits and says why', async (_name, cpu, spec, why) => {
    await using cluster = start()
    add(cluster, 'a', cpu, spec)
    await cluster.settle()
    const message = `0/1 nodes are available: ${why}`
    expect(scheduled(cluster, 'a')).toMatchObject({ status: 'False', reason: 'Unschedulable', message })
    expect(cluster.events()).toEqual([`FailedScheduling: ${message}`])
  })

  it('is tried again when another pod ends', async () => {
    await using cluster = start()
    add(cluster, 'a', '800m')
    await cluster.settle()
    add(cluster, 'b', '800m')
    await cluster.settle()
    expect(nodeOf(cluster, 'b')).toBeUndefined()
    cluster.client.patch(
      'v1/pods',
      NAMESPACE,
      'a',
      { status: { phase: 'Succeeded' } },
      { type: 'merge', subresource: 'status' },
    )
    await cluster.settle()
    expect(nodeOf(cluster, 'b')).toBe('node-1')
  })

  it('counts pods', async () => {
    await using cluster = start()
    for (const name of ['a', 'b', 'c', 'd']) {
      add(cluster, name, '1m')
      await cluster.settle()
    }
    expect(scheduled(cluster, 'd').message).toMatch(/^0\/1 nodes are available: 1 Too many pods\./)
  })

  it('waits for the gate', async () => {
    await using cluster = start()
    add(cluster, 'a', '1m', { schedulingGates: [{ name: 'hold' }] })
    await cluster.settle()
    expect(scheduled(cluster, 'a')).toMatchObject({ status: 'False', reason: 'SchedulingGated' })
    cluster.client.patch('v1/pods', NAMESPACE, 'a', { spec: { schedulingGates: null } }, { type: 'merge' })
    await cluster.settle()
    expect(nodeOf(cluster, 'a')).toBe('node-1')
  })
})

describe('a tainted node', () => {
  const taints = [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }]
  it('takes only pods that tolerate it', async () => {
    await using cluster = start({ taints })
    add(cluster, 'a', '1m')
    add(cluster, 'b', '1m', { tolerations: [{ key: 'gpu', operator: 'Equal', value: 'yes' }] })
    await cluster.settle()
    expect(scheduled(cluster, 'a').message).toContain('1 node(s) had untolerated taint(s) {gpu: yes}')
    expect(nodeOf(cluster, 'b')).toBe('node-1')
  })

  it('takes the waiting ones when the taint is lifted', async () => {
    await using cluster = start({ taints })
    add(cluster, 'a', '1m')
    await cluster.settle()
    cluster.client.patch('v1/nodes', undefined, 'node-1', { spec: { taints: null } }, { type: 'merge' })
    await cluster.settle()
    expect(nodeOf(cluster, 'a')).toBe('node-1')
  })
})
