/** Endpoints and EndpointSlices: what stands behind a Service, as pods come and go. */
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../objects.ts'
import { manifest, NAMESPACE, type PodState, podStatus } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { endpointsController } from './controller.ts'

const SLICES = 'discovery.k8s.io/v1/endpointslices'

function start(): TestCluster {
  return new TestCluster([endpointsController()])
}

function addPod(cluster: TestCluster, name: string, state: PodState, ports: unknown[] = []): void {
  const spec = { nodeName: 'node-1', containers: [{ name: 'app', ports }] }
  cluster.client.create(
    'v1/pods',
    manifest('v1', 'Pod', name, { metadata: { labels: { app: 'web' } }, spec, status: podStatus(state) }),
  )
}

function addService(cluster: TestCluster, spec: Record<string, unknown> = {}): void {
  const defaults = {
    selector: { app: 'web' },
    clusterIP: '10.96.0.9',
    ports: [{ port: 80, targetPort: 8080 }],
  }
  const metadata = { labels: { team: 'one' } }
  cluster.client.create(
    'v1/services',
    manifest('v1', 'Service', 'web', { metadata, spec: { ...defaults, ...spec } }),
  )
}

const slices = (cluster: TestCluster): KubeObject[] => cluster.client.list(SLICES)
const endpoints = (cluster: TestCluster) => cluster.client.get('v1/endpoints', NAMESPACE, 'web')

describe('a Service with pods', () => {
  it('has one slice and one Endpoints that say who is ready', async () => {
    await using cluster = start()
    addService(cluster)
    addPod(cluster, 'a', { ip: '10.0.0.1' })
    addPod(cluster, 'b', { ip: '10.0.0.2', ready: false })
    addPod(cluster, 'no-address', {})
    addPod(cluster, 'ended', { ip: '10.0.0.4', phase: 'Succeeded' })
    await cluster.settle()
    const [slice, ...others] = slices(cluster)
    expect(others).toEqual([])
    const uid = (name: string) => cluster.client.get('v1/pods', NAMESPACE, name)!.metadata.uid
    const endpoint = (name: string, ip: string, ready: boolean) => ({
      addresses: [ip],
      conditions: { ready, serving: ready, terminating: false },
      nodeName: 'node-1',
      targetRef: { kind: 'Pod', namespace: NAMESPACE, name, uid: uid(name) },
    })
    expect(slice).toMatchObject({
      metadata: {
        generateName: 'web-',
        labels: {
          team: 'one',
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        },
        ownerReferences: [{ kind: 'Service', name: 'web', controller: true, blockOwnerDeletion: true }],
      },
      addressType: 'IPv4',
      ports: [{ name: '', port: 8080, protocol: 'TCP' }],
      endpoints: [endpoint('a', '10.0.0.1', true), endpoint('b', '10.0.0.2', false)],
    })
    expect(endpoints(cluster)).toMatchObject({
      metadata: { labels: { team: 'one', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } },
      subsets: [
        {
          addresses: [{ ip: '10.0.0.1', nodeName: 'node-1', targetRef: { name: 'a' } }],
          notReadyAddresses: [{ ip: '10.0.0.2' }],
          ports: [{ port: 8080, protocol: 'TCP' }],
        },
      ],
    })
  })

  it('keeps a terminating pod in the slice, not ready, and out of Endpoints', async () => {
    await using cluster = start()
    addService(cluster)
    addPod(cluster, 'a', { ip: '10.0.0.1' })
    await cluster.settle()
    cluster.client.delete('v1/pods', NAMESPACE, 'a')
    await cluster.settle()
    expect(slices(cluster)[0]!.endpoints[0].conditions).toEqual({
      ready: false,
      serving: true,
      terminating: true,
    })
    expect(endpoints(cluster)!.subsets).toBeUndefined()
    cluster.client.delete('v1/pods', NAMESPACE, 'a', { gracePeriodSeconds: 0 })
    await cluster.settle()
    expect(slices(cluster)[0]).toMatchObject({ endpoints: null, ports: null })
  })

  it('publishes pods that are not ready when told to', async () => {
    await using cluster = start()
    addService(cluster, { publishNotReadyAddresses: true })
    addPod(cluster, 'a', { ip: '10.0.0.1', ready: false })
    await cluster.settle()
    expect(slices(cluster)[0]!.endpoints[0].conditions).toEqual({
      ready: true,
      serving: false,
      terminating: false,
    })
    expect(endpoints(cluster)!.subsets[0].addresses).toHaveLength(1)
  })

  it('resolves a named port for each pod: different numbers, different slices', async () => {
    await using cluster = start()
    addService(cluster, { ports: [{ name: 'http', port: 80, targetPort: 'web' }] })
    addPod(cluster, 'a', { ip: '10.0.0.1' }, [{ name: 'web', containerPort: 8080 }])
    addPod(cluster, 'b', { ip: '10.0.0.2' }, [{ name: 'web', containerPort: 9090 }])
    addPod(cluster, 'c', { ip: '10.0.0.3' })
    await cluster.settle()
    const ports = slices(cluster).map((slice) => slice.ports.map((port: { port: number }) => port.port))
    expect(ports).toEqual([[8080], [9090], []])
  })

  it('splits after a hundred endpoints', async () => {
    await using cluster = start()
    addService(cluster)
    for (let at = 0; at < 103; at++) addPod(cluster, `p${at}`, { ip: `10.0.1.${at}` })
    await cluster.settle()
    expect(slices(cluster).map((slice) => slice.endpoints.length)).toEqual([100, 3])
  })

  it('writes nothing when a pod changes what no endpoint shows', async () => {
    await using cluster = start()
    addService(cluster)
    addPod(cluster, 'a', { ip: '10.0.0.1' })
    await cluster.settle()
    const { length } = cluster.client.writes
    cluster.client.patch(
      'v1/pods',
      NAMESPACE,
      'a',
      { metadata: { annotations: { x: 'y' } } },
      { type: 'merge' },
    )
    await cluster.settle()
    expect(cluster.client.writes).toHaveLength(length + 1)
  })

  it('puts back a slice that someone deleted', async () => {
    await using cluster = start()
    addService(cluster)
    addPod(cluster, 'a', { ip: '10.0.0.1' })
    await cluster.settle()
    cluster.client.delete(SLICES, NAMESPACE, slices(cluster)[0]!.metadata.name)
    await cluster.settle()
    expect(slices(cluster)).toHaveLength(1)
  })
})

describe('a Service without pods', () => {
  it('has one empty slice; headless ones are marked', async () => {
    await using cluster = start()
    addService(cluster, { clusterIP: 'None' })
    await cluster.settle()
    expect(slices(cluster)).toHaveLength(1)
    expect(slices(cluster)[0]).toMatchObject({
      endpoints: null,
      ports: null,
      metadata: { labels: { 'service.kubernetes.io/headless': '' } },
    })
  })

  it.each([
    ['ExternalName', { type: 'ExternalName' }],
    ['no selector', { selector: undefined }],
  ])('%s: nothing', async (_name, spec) => {
    await using cluster = start()
    addService(cluster, spec)
    await cluster.settle()
    expect(slices(cluster)).toEqual([])
    expect(endpoints(cluster)).toBeUndefined()
  })

  it('mirrors Endpoints that a person wrote', async () => {
    await using cluster = start()
    addService(cluster, { selector: undefined })
    const object = manifest('v1', 'Endpoints', 'web')
    object.subsets = [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 5432 }] }]
    cluster.client.create('v1/endpoints', object)
    await cluster.settle()
    expect(slices(cluster)).toHaveLength(1)
    expect(slices(cluster)[0]).toMatchObject({
      metadata: {
        labels: {
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
        },
      },
      endpoints: [{ addresses: ['192.0.2.1'], conditions: { ready: true } }],
      ports: [{ name: '', port: 5432, protocol: 'TCP' }],
    })
    cluster.client.delete('v1/endpoints', NAMESPACE, 'web')
    await cluster.settle()
    expect(slices(cluster)).toEqual([])
  })

  it('takes its Endpoints with it', async () => {
    await using cluster = start()
    addService(cluster)
    await cluster.settle()
    expect(endpoints(cluster)).toBeDefined()
    cluster.client.delete('v1/services', NAMESPACE, 'web')
    await cluster.settle()
    expect(endpoints(cluster)).toBeUndefined()
  })
})
