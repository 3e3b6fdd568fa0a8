/** The order of a sync: phases, waves, kinds, names. */
import type { SyncPhase } from '../types.ts'
import { isPrune, objectOf, type SyncTask } from './task.ts'

const PHASES: SyncPhase[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail']

/** What others depend on comes first; kinds that are not listed come last. */
const KINDS = [
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
]
const RANK = new Map(KINDS.map((kind, at) => [kind, at]))

function rank(task: SyncTask): number {
  return RANK.get(objectOf(task).kind) ?? KINDS.length
}

/** The tasks in their order, with pruning waves mirrored and Namespaces and CRDs before what needs them. */
export function orderTasks(tasks: SyncTask[], pruneLast: (task: SyncTask) => boolean): SyncTask[] {
  return adoptFirstUsers(mirrorPrunes(tasks, pruneLast).sort(compareTasks)).sort(compareTasks)
}

export function compareTasks(a: SyncTask, b: SyncTask): number {
  return (
    PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) ||
    a.wave - b.wave ||
    rank(a) - rank(b) ||
    (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0)
  )
}

function nameOf(task: SyncTask): string {
  return objectOf(task).metadata.name ?? ''
}

/** What came last goes first: the lowest wave of what is pruned takes the highest's place, and so on. */
function mirrorPrunes(tasks: SyncTask[], pruneLast: (task: SyncTask) => boolean): SyncTask[] {
  const waves = [...new Set(tasks.filter(isPrune).map(({ wave }) => wave))].sort((a, b) => a - b)
  const mirrored = tasks.map((task) =>
    isPrune(task) ? { ...task, wave: waves[waves.length - 1 - waves.indexOf(task.wave)]! } : task,
  )
  const last = Math.max(...mirrored.filter(({ phase }) => phase === 'Sync').map(({ wave }) => wave))
  return mirrored.map((task) => (isPrune(task) && pruneLast(task) ? { ...task, wave: last + 1 } : task))
}

function adoptFirstUsers(sorted: SyncTask[]): SyncTask[] {
  return sorted.map((task, at) => {
    if (!task.target) return task
    const user = sorted.slice(0, at).find((earlier) => earlier.target && needs(earlier, task))
    return user ? { ...task, phase: user.phase, wave: user.wave } : task
  })
}

function needs(task: SyncTask, provider: SyncTask): boolean {
  const object = objectOf(task)
  const { kind, metadata, spec } = provider.target!
  if (kind === 'Namespace') return object.metadata.namespace === metadata.name
  if (kind !== 'CustomResourceDefinition') return false
  return object.kind === spec?.names?.kind && object.apiVersion.startsWith(`${spec?.group}/`)
}

/** True when the tasks span several phases or waves: health then gates each step but the last. */
export function isMultiStep(sorted: SyncTask[]): boolean {
  const [first, last] = [sorted[0], sorted.at(-1)]
  return first !== undefined && last !== undefined && (first.phase !== last.phase || first.wave !== last.wave)
}
