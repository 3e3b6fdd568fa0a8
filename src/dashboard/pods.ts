/** The pods whose logs can be read, with the workload that each belongs to. Pure. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { PodLine } from './snapshot.ts'

export function podLine(pod: KubeObject, replicaSets: readonly KubeObject[]): PodLine {
  const { metadata, spec, status = {} } = pod
  const statuses: any[] = status.containerStatuses ?? []
  return {
    name: metadata.name,
    workload: workloadOf(pod, replicaSets),
    ready: status.conditions?.some((one: any) => one.type === 'Ready' && one.status === 'True') ?? false,
    phase: metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? 'Unknown'),
    restarts: statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
    containers: (spec?.containers ?? []).map(({ name }: { name: string }) => name),
  }
}

/** Its controller; through a ReplicaSet, that one's. Empty for a pod on its own. */
function workloadOf({ metadata }: KubeObject, replicaSets: readonly KubeObject[]): string {
  const owner = (metadata.ownerReferences ?? []).find(({ controller }) => controller)
  if (owner?.kind !== 'ReplicaSet') return owner?.name ?? ''
  const replicaSet = replicaSets.find((one) => one.metadata.uid === owner.uid)
  return replicaSet?.metadata.ownerReferences?.find(({ controller }) => controller)?.name ?? owner.name
}
