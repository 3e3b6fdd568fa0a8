/** Deployment and ReplicaSet controllers together with a test kubelet: whole rollouts, step by step. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../objects.ts'
import { replicaSetController } from '../replicaset/controller.ts'
import { isActive, isReady } from '../shared/pods.ts'
import { deployment, NAMESPACE, podTemplate } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { type KubeletOptions, testKubelet } from '../testing/kubelet.ts'
import { deploymentController } from './controller.ts'
import { totalSpec } from './replica-sets.ts'

const DEPLOYMENTS = 'apps/v1/deployments'
const REPLICA_SETS = 'apps/v1/replicasets'

function start(options: KubeletOptions = {}): TestCluster {
  return new TestCluster([deploymentController(), replicaSetController(), testKubelet(options)])
}

const web = (cluster: TestCluster): KubeObject => cluster.client.get(DEPLOYMENTS, NAMESPACE, 'web')!
const patch = (cluster: TestCluster, spec: unknown) =>
  cluster.client.patch(DEPLOYMENTS, NAMESPACE, 'web', { spec }, { type: 'merge' })
const reason = (object: KubeObject, type: string): string | undefined =>
  object.status?.conditions?.find((condition: { type: string }) => condition.type === type)?.reason
const complete = (cluster: TestCluster) => () => {
  const { status, spec, metadata } = web(cluster)
  return (
    status?.observedGeneration === metadata.generation &&
    status?.updatedReplicas === spec.replicas &&
    status?.replicas === spec.replicas &&
    status?.availableReplicas === spec.replicas
  )
}
const imageIs = (image: string) => (replicaSet: KubeObject) =>
  replicaSet.spec.template.spec.containers[0].image === image

describe('a fresh Deployment', () => {
  it('comes up with the status, conditions, annotations and events of the real one', async () => {
    await using cluster = start()
    cluster.client.create(DEPLOYMENTS, deployment('web', { replicas: 3 }))
    await cluster.until('rollout', complete(cluster))
    const [replicaSet] = cluster.client.list(REPLICA_SETS)
    const { name, labels, annotations } = replicaSet!.metadata
    expect(name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/)
    expect(labels).toEqual({ app: 'web', 'pod-template-hash': name.slice('web-'.length) })
    expect(annotations).toEqual({
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
      'deployment.kubernetes.io/revision': '1',
    })
    expect(replicaSet!.status).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
      observedGeneration: 1,
    })
    const { conditions, ...status } = web(cluster).status
    expect(status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
    })
    expect(conditions).toMatchObject([
      { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
      {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${name}" has successfully progressed.`,
      },
    ])
    expect(web(cluster).metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' })
    expect(cluster.events('deployment-controller')).toEqual([
      `ScalingReplicaSet: Scaled up replica set ${name} from 0 to 3`,
    ])
    expect(cluster.events('replicaset-controller')).toHaveLength(3)
  })

  it('writes nothing once it has settled', async () => {
    await using cluster = start()
    cluster.client.create(DEPLOYMENTS, deployment('web', { replicas: 3, progressDeadlineSeconds: 60 }))
    await cluster.until('rollout', complete(cluster))
    await cluster.advance(1000)
    const writes = cluster.client.writes.length
    await cluster.advance(600_000, 60_000)
    expect(cluster.client.writes).toHaveLength(writes)
  })
})

describe('a rollout', () => {
  it('keeps the old ReplicaSet for an undo, which reuses it with a new revision', async () => {
    await using cluster = start()
    cluster.client.create(DEPLOYMENTS, deployment('web', { replicas: 2 }))
    await cluster.until('first', complete(cluster))
    await cluster.advance(1000)
    patch(cluster, { template: podTemplate('web', 'app:2') })
    await cluster.until('second', complete(cluster))
    await cluster.advance(1000)
    patch(cluster, { template: podTemplate('web', 'app:1') })
    await cluster.until('undo', complete(cluster))
    await cluster.advance(1000)
    const sets = cluster.client.list(REPLICA_SETS)
    expect(sets).toHaveLength(2)
    expect(sets.find(imageIs('app:1'))).toMatchObject({
      metadata: {
        annotations: {
          'deployment.kubernetes.io/revision': '3',
          'deployment.kubernetes.io/revision-history': '1',
        },
      },
      spec: { replicas: 2 },
    })
    expect(sets.find(imageIs('app:2'))!.spec.replicas).toBe(0)
    expect(web(cluster).metadata.annotations!['deployment.kubernetes.io/revision']).toBe('3')
  })

  it('deletes ReplicaSets beyond revisionHistoryLimit', async () => {
    await using cluster = start()
    cluster.client.create(DEPLOYMENTS, deployment('web', { revisionHistoryLimit: 1 }))
    for (const image of ['app:2', 'app:3', 'app:4']) {
      await cluster.until(`before ${image}`, complete(cluster))
      await cluster.advance(1000)
      patch(cluster, { template: podTemplate('web', image) })
    }
    await cluster.until('last', complete(cluster))
    await cluster.advance(2000)
    const images = cluster.client.list(REPLICA_SETS).map((set) => set.spec.template.spec.containers[0].image)
    expect(images.sort()).toEqual(['app:3', 'app:4'])
  })

  it('is stuck after its deadline, and says so', async () => {
    await using cluster = start({ readyAfterMs: (pod) => (imageOf(pod) === 'app:bad' ? undefined : 1000) })
    cluster.client.create(DEPLOYMENTS, deployment('web', { replicas: 4, progressDeadlineSeconds: 10 }))
    await cluster.until('first', complete(cluster))
    await cluster.advance(1000)
    patch(cluster, { template: podTemplate('web', 'app:bad') })
    await cluster.advance(5000)
    expect(reason(web(cluster), 'Progressing')).toBe('ReplicaSetUpdated')
    await cluster.advance(10_000)
    expect(reason(web(cluster), 'Progressing')).toBe('ProgressDeadlineExceeded')
    expect(reason(web(cluster), 'Available')).toBe('MinimumReplicasAvailable')
    expect(web(cluster).status).toMatchObject({ availableReplicas: 3, updatedReplicas: 2 })
    patch(cluster, { template: podTemplate('web', 'app:1') })
    await cluster.until('undo', complete(cluster))
    expect(reason(web(cluster), 'Progressing')).toBe('NewReplicaSetAvailable')
  })

  it('waits for minReadySeconds', async () => {
    await using cluster = start()
    cluster.client.create(DEPLOYMENTS, deployment('web', { replicas: 1, minReadySeconds: 10 }))
    await cluster.advance(5000)
    expect(web(cluster).status).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 })
    await cluster.advance(7000)
    expect(web(cluster).status).toMatchObject({ readyReplicas: 1, availableReplicas: 1 })
  })

  it('Recreate: no new pod while an old one still runs', async () => {
    await using cluster = start({ stopAfterMs: 3000 })
    cluster.client.create(DEPLOYMENTS, deployment('web', { replicas: 2, strategy: { type: 'Recreate' } }))
    await cluster.until('first', complete(cluster))
    patch(cluster, { template: podTemplate('web', 'app:2') })
    await cluster.advance(2000)
    expect(cluster.client.list('v1/pods').map(imageOf)).toEqual(['app:1', 'app:1'])
    expect(web(cluster).status).toMatchObject({ terminatingReplicas: 2 })
    await cluster.until('second', complete(cluster))
    expect(cluster.client.list('v1/pods').map(imageOf)).toEqual(['app:2', 'app:2'])
  })

  it('stands still while paused, scales all the same, and goes on after the resume', async () => {
    await using cluster = start()
    cluster.client.create(DEPLOYMENTS, deployment('web', { replicas: 2 }))
    await cluster.until('first', complete(cluster))
    patch(cluster, { paused: true, replicas: 3, template: podTemplate('web', 'app:2') })
    await cluster.advance(5000)
    expect(reason(web(cluster), 'Progressing')).toBe('DeploymentPaused')
    expect(cluster.client.list('v1/pods').map(imageOf)).toEqual(['app:1', 'app:1', 'app:1'])
    patch(cluster, { paused: null })
    await cluster.until('resumed', complete(cluster))
    expect(cluster.client.list('v1/pods').filter(isActive).map(imageOf)).toEqual(['app:2', 'app:2', 'app:2'])
  })

  it('scales in proportion in the middle of a rollout', async () => {
    await using cluster = start({ readyAfterMs: (pod) => (imageOf(pod) === 'app:bad' ? undefined : 1000) })
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } }
    cluster.client.create(DEPLOYMENTS, deployment('web', { replicas: 10, strategy }))
    await cluster.until('first', complete(cluster))
    await cluster.advance(1000)
    patch(cluster, { template: podTemplate('web', 'app:bad') })
    await cluster.advance(5000)
    patch(cluster, { replicas: 15 })
    await cluster.advance(1000)
    // The documented example: of 5 more, 3 go to the 8 old and 2 to the 5 new ones.
    const sets = cluster.client.list(REPLICA_SETS)
    expect(sets.find(imageIs('app:1'))!.spec.replicas).toBe(11)
    expect(sets.find(imageIs('app:bad'))!.spec.replicas).toBe(7)
  })
})

describe('failures', () => {
  it('reports a ReplicaSet that cannot make pods, and recovers', async () => {
    await using cluster = start()
    let full = true
    cluster.client.admit = ({ verb, resource }) => {
      if (full && verb === 'create' && resource === 'v1/pods')
        throw new Error('pods "web" is forbidden: full')
    }
    cluster.client.create(DEPLOYMENTS, deployment('web', { replicas: 3 }))
    await cluster.advance(10)
    expect(reason(web(cluster), 'ReplicaFailure')).toBe('FailedCreate')
    expect(cluster.events('replicaset-controller')).toEqual([
      'FailedCreate: Error creating: pods "web" is forbidden: full',
    ])
    full = false
    await cluster.until('recovered', complete(cluster))
    expect(reason(web(cluster), 'ReplicaFailure')).toBeUndefined()
  })

  it('steps around a ReplicaSet name that a stranger holds', async () => {
    await using cluster = start()
    cluster.client.create(DEPLOYMENTS, deployment('web'))
    await cluster.until('first', complete(cluster))
    const { name } = cluster.client.list(REPLICA_SETS)[0]!.metadata
    await using other = start()
    other.client.create(REPLICA_SETS, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name, namespace: NAMESPACE },
      spec: { replicas: 0, selector: { matchLabels: { app: 'x' } }, template: podTemplate('x') },
    })
    other.client.create(DEPLOYMENTS, deployment('web'))
    await other.until('rollout', complete(other))
    expect(web(other).status.collisionCount).toBe(1)
  })
})

describe('at any moment of any rolling update', () => {
  it('no more than replicas + surge are asked for, and no fewer than minAvailable are ready', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 6 }),
        async (replicas, maxSurge, maxUnavailable, delays) => {
          let turn = 0
          const delayOf = new Map<string, number>()
          await using cluster = start({
            readyAfterMs: ({ metadata }) => {
              const delay = delayOf.get(metadata.uid) ?? delays[turn++ % delays.length]!
              delayOf.set(metadata.uid, delay)
              return delay
            },
          })
          const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } }
          cluster.client.create(DEPLOYMENTS, deployment('web', { replicas, strategy }))
          await cluster.until('first', complete(cluster))
          const unavailable = Math.min(replicas, maxSurge + maxUnavailable === 0 ? 1 : maxUnavailable)
          const surge = maxSurge + maxUnavailable === 0 ? 0 : maxSurge
          const breaches: string[] = []
          cluster.client.watch('v1/pods', () => {
            const ready = cluster.client.list('v1/pods').filter(isActive).filter(isReady).length
            if (ready < replicas - unavailable) breaches.push(`${ready} ready`)
          })
          cluster.client.watch(REPLICA_SETS, () => {
            const wanted = totalSpec(cluster.client.list(REPLICA_SETS))
            if (wanted > replicas + surge) breaches.push(`${wanted} wanted`)
          })
          patch(cluster, { template: podTemplate('web', 'app:2') })
          await cluster.until('second', complete(cluster))
          expect(breaches).toEqual([])
          expect(cluster.client.list('v1/pods').filter(isActive).map(imageOf)).toEqual(
            Array(replicas).fill('app:2'),
          )
        },
      ),
      { numRuns: 25 },
    )
  })
})

function imageOf(pod: KubeObject): string {
  return pod.spec.containers[0].image
}
