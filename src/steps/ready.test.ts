import { afterEach, beforeEach, expect, it } from 'vitest'
import { LiveObjects } from '../lib/kube/live.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { FakeApi } from '../lib/kube/testing/fake-api.ts'
import type { Running } from './context.ts'
import { waitWorkloads } from './ready.ts'

const NAMESPACE = 'n'
const PODS = 'v1/pods'
const SERVED = [
  PODS,
  'v1/events',
  'v1/persistentvolumeclaims',
  'apps/v1/deployments',
  'apps/v1/replicasets',
  'apps/v1/statefulsets',
  'batch/v1/jobs',
  'argoproj.io/v1alpha1/rollouts',
  'keda.sh/v1alpha1/scaledobjects',
  'external-secrets.io/v1/externalsecrets',
]
const long = '2020-01-01T00:00:00Z'

let api: FakeApi
let live: LiveObjects
beforeEach(async () => {
  api = await FakeApi.start()
  api.serve(SERVED, NAMESPACE)
  api.serve(['argoproj.io/v1alpha1/applications'], 'argocd')
  live = new LiveObjects(api.client())
})
afterEach(async () => {
  live[Symbol.dispose]()
  await api[Symbol.asyncDispose]()
})

function context(restarted: string[] = []): Running {
  const environment = {
    namespace: NAMESPACE,
    release: 'app',
    prerequisites: { appProject: { namespace: 'argocd' } },
  }
  return { plan: { environment, extras: [] }, live, restarted: new Set(restarted) } as unknown as Running
}

function made(kind: string, name: string, owner: string | undefined, more: object): KubeObject {
  const { metadata, ...rest } = more as Partial<KubeObject>
  const ownerReferences = owner
    ? [
        {
          apiVersion: 'apps/v1',
          kind: owner === 'd' ? 'Deployment' : 'ReplicaSet',
          name: owner,
          uid: owner,
          controller: true,
        },
      ]
    : []
  return {
    apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
    kind,
    metadata: { name, uid: name, namespace: NAMESPACE, ownerReferences, ...metadata },
    ...rest,
  }
}

/** A Deployment at its second template, with the ReplicaSets of both. */
function deployment(availableReplicas: number): void {
  const revision = (value: string) => ({
    metadata: {
      name: 'd',
      uid: 'd',
      namespace: NAMESPACE,
      annotations: { 'deployment.kubernetes.io/revision': value },
    },
  })
  const spec = { replicas: 1, selector: { matchLabels: { app: 'd' } } }
  const status = { updatedReplicas: 1, availableReplicas, readyReplicas: availableReplicas }
  api.put('apps/v1/deployments', made('Deployment', 'd', undefined, { ...revision('2'), spec, status }))
  for (const value of ['1', '2']) {
    const { metadata } = revision(value)
    const own = { ...metadata, name: `d-${value}`, uid: `d-${value}` }
    api.put(
      'apps/v1/replicasets',
      made('ReplicaSet', own.name, 'd', {
        metadata: { ...own, ownerReferences: made('X', 'x', 'd', {}).metadata.ownerReferences },
      }),
    )
  }
}

function pod(name: string, owner: string, ready: boolean, containerStatuses: object[]): void {
  const conditions = [
    { type: 'PodScheduled', status: 'True', lastTransitionTime: long },
    { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: long },
  ]
  const more = {
    metadata: {
      name,
      uid: name,
      namespace: NAMESPACE,
      labels: { app: 'd' },
      ownerReferences: made('X', 'x', owner, {}).metadata.ownerReferences,
    },
    spec: { containers: [{ name: 'c', readinessProbe: {} }] },
    status: { conditions, containerStatuses },
  }
  api.put(PODS, made('Pod', name, owner, more))
}

const crashing = [{ name: 'c', restartCount: 9, state: { waiting: { reason: 'CrashLoopBackOff' } } }]
const running = [{ name: 'c', restartCount: 0, ready: true, state: { running: { startedAt: long } } }]

/** Waits for what the steps wait for; `heard` fills with what they tell. */
function wait(given: Running, heard: string[] = []): Promise<void> {
  const signal = AbortSignal.timeout(5000)
  return waitWorkloads(given, { signal, waiting: (what) => heard.push(what) })
}

it('ends for a pod of the newest template that crashes, and says which', async () => {
  deployment(0)
  pod('d-2-x', 'd-2', false, crashing)
  await expect(wait(context())).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: expect.stringContaining('pod d-2-x: container c crashes'),
    about: { kind: 'Pod', namespace: NAMESPACE, name: 'd-2-x' },
  })
})

it('is done when the newest template serves, whatever became of the pods of the one before', async () => {
  deployment(1)
  pod('d-1-x', 'd-1', false, crashing)
  pod('d-2-x', 'd-2', true, running)
  await wait(context())
})

it('does not judge by pods that this run has made anew', async () => {
  deployment(0)
  pod('d-2-old', 'd-2', false, crashing)
  const heard: string[] = []
  const done = wait(context(['d-2-old']), heard)
  while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve))
  pod('d-2-x', 'd-2', true, running)
  deployment(1)
  await done
})

it('does not call up what is available for the moment between two crashes', async () => {
  deployment(1)
  pod('d-2-x', 'd-2', true, [
    { name: 'c', restartCount: 2, state: { running: { startedAt: new Date().toISOString() } } },
  ])
  const heard: string[] = []
  const done = wait(context(), heard)
  while (!heard.some((what) => what.includes('has just begun again')))
    await new Promise((resolve) => setImmediate(resolve))
  pod('d-2-x', 'd-2', true, running)
  await done
})
