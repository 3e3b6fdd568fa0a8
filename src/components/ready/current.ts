/** Which pods are of what a workload is now: those of a template that was replaced say nothing of it. Pure. */
import type { KubeObject } from '../../lib/kube/object.ts'

const REVISION = 'deployment.kubernetes.io/revision'

/** What makes pods, and what it makes them through. */
export interface Makers {
  /** Deployments, Rollouts, StatefulSets. */
  workloads: KubeObject[]
  replicaSets: KubeObject[]
}

/** The workload that made the pod: through its ReplicaSet, itself, or undefined for others and for lone pods. */
export function makerOf(pod: KubeObject, { workloads, replicaSets }: Makers): KubeObject | undefined {
  const set = ownerOf(pod, replicaSets)
  return ownerOf(set ?? pod, workloads)
}

/** False for a pod that goes, or is of a template that is not the newest; true for those of no template. */
export function isCurrent(pod: KubeObject, makers: Makers): boolean {
  if (pod.metadata.deletionTimestamp) return false
  const { ownerReferences = [] } = pod.metadata
  // Its ReplicaSet, or who made that, has not been seen yet: until then nobody can tell.
  const maker = makerOf(pod, makers)
  if (!maker) return !ownerReferences.some(({ controller, kind }) => controller && kind === 'ReplicaSet')
  const { metadata, status = {} } = maker
  // What it was told has not been read yet: its pods are of what it was told before.
  if (Number(status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return false
  const labels = pod.metadata.labels ?? {}
  if (maker.kind === 'Deployment') {
    const set = ownerOf(pod, makers.replicaSets)
    return set?.metadata.annotations?.[REVISION] === metadata.annotations?.[REVISION]
  }
  const [label, newest] =
    maker.kind === 'Rollout'
      ? ['rollouts-pod-template-hash', status.currentPodHash]
      : ['controller-revision-hash', status.updateRevision]
  return newest === undefined || labels[label] === newest
}

function ownerOf(object: KubeObject, owners: KubeObject[]): KubeObject | undefined {
  const uid = object.metadata.ownerReferences?.find(({ controller }) => controller)?.uid
  return uid === undefined ? undefined : owners.find(({ metadata }) => metadata.uid === uid)
}
