/** Workloads with replicas and why, from the objects of one namespace. Pure. */
import type { KubeObject } from '../lib/kube/object.ts'
import { whyHpa, whyScaledObject } from './autoscaling.ts'
import { condition } from './conditions.ts'
import { podTrouble, selects } from './pods.ts'
import { whyRollout } from './rollouts.ts'
import type { WorkloadState, WorkloadStatus } from './status.ts'

/** What one look at the namespace found. */
export interface Objects {
  /** Rollouts, Deployments, StatefulSets. */
  workloads: KubeObject[]
  pods: KubeObject[]
  scaledObjects: KubeObject[]
  hpas: KubeObject[]
}

/** One line per workload, Rollouts first, each kind by name. `now` in milliseconds since the epoch. */
export function workloadStatuses(objects: Objects, now: number): WorkloadStatus[] {
  const rank = (kind: string) => (kind === 'Rollout' ? 0 : 1)
  return objects.workloads
    .map((workload) => workloadStatus(workload, objects, now))
    .sort(
      (a, b) => rank(a.kind) - rank(b.kind) || a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name),
    )
}

function workloadStatus(workload: KubeObject, objects: Objects, now: number): WorkloadStatus {
  const desired: number = workload.spec?.replicas ?? 1
  const ready: number = workload.status?.readyReplicas ?? 0
  const scaledObject = objects.scaledObjects.find((candidate) => targets(candidate, workload))
  const hpa = objects.hpas.find((candidate) => targets(candidate, workload))
  const scale = scaledObject
    ? whyScaledObject(scaledObject, hpa, desired, now)
    : hpa
      ? whyHpa(hpa)
      : workload.kind === 'Rollout'
        ? whyRollout(workload)
        : desired === 0
          ? 'set to zero by hand'
          : 'fixed number of replicas'
  const trouble = podTrouble(objects.pods.filter((pod) => selects(workload, pod)))
  const stuck = condition(workload, 'Progressing')?.reason === 'ProgressDeadlineExceeded'
  const replicaFailure = condition(workload, 'ReplicaFailure')
  const describe = (state: WorkloadState, why: string): WorkloadStatus => ({
    namespace: workload.metadata.namespace ?? '',
    kind: workload.kind,
    name: workload.metadata.name,
    desired,
    ready,
    why,
    state,
  })
  if (replicaFailure?.status === 'True')
    return describe('failing', replicaFailure.message ?? 'pods cannot be created')
  if (ready < desired && trouble?.failing) return describe('failing', trouble.text)
  if (workload.status?.phase === 'Degraded') return describe('failing', whyRollout(workload))
  if (ready < desired) {
    const waiting = trouble?.text ?? 'pods are being made'
    return describe(stuck ? 'failing' : 'progressing', `${scale}; ${waiting}`)
  }
  // The old pods serve on, and nobody would see that the new ones never will.
  if (trouble?.failing && workload.kind !== 'StatefulSet')
    return describe('failing', `the new version does not start (the old one serves): ${trouble.text}`)
  if (scaledObject && condition(scaledObject, 'Ready')?.status === 'False') return describe('failing', scale)
  return describe('ok', scale)
}

function targets(scaler: KubeObject, workload: KubeObject): boolean {
  const ref = scaler.spec?.scaleTargetRef
  return (
    scaler.metadata.namespace === workload.metadata.namespace &&
    ref?.name === workload.metadata.name &&
    // A ScaledObject may leave the kind out and means a Deployment then.
    (ref.kind ?? 'Deployment') === workload.kind
  )
}
