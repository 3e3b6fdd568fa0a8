/** Restarting what holds an old value in its environment, in the way that kubectl and the Rollouts plugin do. */
import { missingDeployment, missingRollout } from '../components/ready/conditions.ts'
import { podsOf } from '../components/ready/pods.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject, Resource } from '../lib/kube/object.ts'

export const WORKLOADS: Resource[] = [
  'apps/v1/deployments',
  'apps/v1/statefulsets',
  'argoproj.io/v1alpha1/rollouts',
]

export interface Restart {
  resource: Resource
  workload: KubeObject
  /** uids of the pods that started with the old value. */
  old: Set<string>
}

/** Workloads with pods, and those pods; one without pods has nothing that is out of date. */
export function restartsFor(workloads: KubeObject[], pods: KubeObject[]): Restart[] {
  return workloads.flatMap((workload) => {
    const own = podsOf(workload, pods)
    if (own.length === 0) return []
    return [
      { resource: resourceOf(workload), workload, old: new Set(own.map(({ metadata }) => metadata.uid!)) },
    ]
  })
}

function resourceOf({ apiVersion, kind }: KubeObject): Resource {
  return `${apiVersion}/${kind.toLowerCase()}s`
}

/**
 * Neither patch touches what a chart declares, so Argo CD sees no difference. Rollouts replaces the pods that are older
 * than the time it is given, once that has come: by its own clock.
 */
export async function restart(kube: KubeClient, { resource, workload }: Restart): Promise<void> {
  const { name, namespace } = workload.metadata
  const at = `${new Date(kube.clock.now()).toISOString().slice(0, 19)}Z`
  const annotations = { 'kubectl.kubernetes.io/restartedAt': at }
  const patch =
    workload.kind === 'Rollout'
      ? { spec: { restartAt: at } }
      : { spec: { template: { metadata: { annotations } } } }
  await kube.patch(resource, name, patch, { namespace: namespace! })
}

/** What keeps the restart from being through: an old pod, or what the workload itself lacks. */
export function missingRestart(
  restarted: Restart,
  workload: KubeObject | undefined,
  pods: KubeObject[],
): string | undefined {
  const name = `${restarted.workload.kind} ${restarted.workload.metadata.name}`
  const old = pods.find(({ metadata }) => restarted.old.has(metadata.uid!))
  if (old)
    return `${name}: pod ${old.metadata.name} ${old.metadata.deletionTimestamp ? 'finishes its work' : 'is still the old one'}`
  const missing =
    restarted.workload.kind === 'Rollout' ? missingRollout(workload) : missingDeployment(workload)
  return missing && `${name}: ${missing}`
}
