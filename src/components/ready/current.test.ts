import { expect, it } from 'vitest'
import type { KubeObject } from '../../lib/kube/object.ts'
import { isCurrent, makerOf } from './current.ts'

function object(
  kind: string,
  name: string,
  more: Partial<KubeObject> & { owner?: KubeObject } = {},
): KubeObject {
  const { owner, metadata, ...rest } = more
  const reference = owner && {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid!,
    controller: true,
  }
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, uid: name, ...(reference ? { ownerReferences: [reference] } : {}), ...metadata },
    ...rest,
  }
}

const revision = (value: string) => ({ 'deployment.kubernetes.io/revision': value })
const deployment = object('Deployment', 'd', {
  metadata: { name: 'd', uid: 'd', generation: 3, annotations: revision('2') },
  status: { observedGeneration: 3 },
})
const sets = ['1', '2'].map((value) =>
  object('ReplicaSet', `d-${value}`, {
    owner: deployment,
    metadata: { name: `d-${value}`, uid: `d-${value}`, annotations: revision(value) },
  }),
)
const [old, young] = sets.map((owner) => object('Pod', `${owner.metadata.name}-x`, { owner })) as [
  KubeObject,
  KubeObject,
]

it('counts the pods of a Deployment’s newest template only, and none before the template was read', () => {
  const makers = { workloads: [deployment], replicaSets: sets }
  expect(makerOf(old, makers)).toBe(deployment)
  expect([old, young].map((pod) => isCurrent(pod, makers))).toEqual([false, true])
  const unread = { ...deployment, status: { observedGeneration: 2 } }
  expect(isCurrent(young, { workloads: [unread], replicaSets: sets })).toBe(false)
})

it('knows Rollouts and StatefulSets by the hash of what they make now', () => {
  const rollout = object('Rollout', 'r', { status: { observedGeneration: '1', currentPodHash: 'new' } })
  const set = object('ReplicaSet', 'r-1', { owner: rollout })
  const pod = (hash: string) =>
    object('Pod', 'p', {
      owner: set,
      metadata: {
        name: 'p',
        ownerReferences: object('Pod', 'p', { owner: set }).metadata.ownerReferences!,
        labels: { 'rollouts-pod-template-hash': hash },
      },
    })
  const makers = { workloads: [rollout], replicaSets: [set] }
  expect(['new', 'old'].map((hash) => isCurrent(pod(hash), makers))).toEqual([true, false])
})

it('counts pods that nobody’s template made, unless they go', () => {
  const makers = { workloads: [], replicaSets: [] }
  expect(isCurrent(object('Pod', 'lone'), makers)).toBe(true)
  const going = { name: 'lone', deletionTimestamp: '2026-01-01T00:00:00Z' }
  expect(isCurrent(object('Pod', 'lone', { metadata: going }), makers)).toBe(false)
})
