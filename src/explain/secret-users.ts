/** Which pods read a Secret into their environment, and which of them still hold old values. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { SecretView } from './snapshot.ts'

/** Volumes are left out: the kubelet brings those up to date by itself. */
export function usersOf(
  secret: SecretView,
  pods: KubeObject[],
): { current: KubeObject[]; old: KubeObject[] } {
  const users = pods.filter(
    (pod) => !pod.metadata.deletionTimestamp && readsFromEnvironment(pod, secret.name),
  )
  const changed = Date.parse(secret.changedAt ?? '')
  const isOld = (pod: KubeObject) => Number.isFinite(changed) && startedAt(pod) < changed
  return { current: users.filter((pod) => !isOld(pod)), old: users.filter(isOld) }
}

function readsFromEnvironment(pod: KubeObject, name: string): boolean {
  return (pod.spec?.containers ?? []).some(
    ({ env = [], envFrom = [] }: any) =>
      envFrom.some(({ secretRef }: any) => secretRef?.name === name) ||
      env.some(({ valueFrom }: any) => valueFrom?.secretKeyRef?.name === name),
  )
}

/** A restarted container reads its environment anew: the oldest running one counts. */
function startedAt(pod: KubeObject): number {
  const starts = (pod.status?.containerStatuses ?? []).flatMap(({ state }: any) =>
    state?.running ? [Date.parse(state.running.startedAt)] : [],
  )
  return starts.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...starts)
}
