/** The unit of a sync: one object in one phase. */
import type { KubeObject, Manifest, Resource } from '../../../objects.ts'
import { waveOf } from '../annotations.ts'
import { imagesOf } from '../compare.ts'
import { groupOf, versionOf } from '../tracking.ts'
import type { ResourceResult, SyncPhase } from '../types.ts'

export interface SyncTask {
  phase: SyncPhase
  wave: number
  /** Absent: the task prunes the live object. */
  target?: Manifest
  live?: KubeObject
  resource: Resource | undefined
  hook: boolean
  /** As the row of the result names it: cluster-scoped objects count to the destination's. */
  namespace: string
  /** Whether an apply would change something. */
  modified: boolean
  /** What this operation has done with it so far. */
  result?: ResourceResult
}

export function objectOf({ target, live }: Pick<SyncTask, 'target' | 'live'>): Manifest {
  return (target ?? live)!
}

/** A new task; its wave is the object's own. */
export function taskOf(task: Omit<SyncTask, 'wave'>): SyncTask {
  return { ...task, wave: waveOf(objectOf(task)) }
}

export function isPrune(task: SyncTask): boolean {
  return !task.target
}

export const isPending = ({ result }: SyncTask) => !result?.hookPhase
export const isRunning = ({ result }: SyncTask) => result?.hookPhase === 'Running'
export const isCompleted = (task: SyncTask) => !isPending(task) && !isRunning(task)
export const isSuccessful = ({ result }: SyncTask) => result?.hookPhase === 'Succeeded'

/** Under which its result is found again. */
export function resultKey({ phase, namespace, ...task }: SyncTask): string {
  const { apiVersion, kind, metadata } = objectOf(task)
  return `${groupOf(apiVersion)}/${kind}/${namespace}/${metadata.name ?? ''}:${phase}`
}

export function keyOfRow({ group, kind, namespace, name, syncPhase }: ResourceResult): string {
  return `${group}/${kind}/${namespace}/${name}:${syncPhase}`
}

/** `apps/Deployment/web`, as messages name it. */
export function titleOf(task: SyncTask): string {
  const { apiVersion, kind, metadata } = objectOf(task)
  return `${groupOf(apiVersion)}/${kind}/${metadata.name}`
}

/** The row of the result with these changes. */
export function record(task: SyncTask, changes: Partial<ResourceResult>): void {
  const { apiVersion, kind, metadata } = objectOf(task)
  const images = imagesOf(objectOf(task))
  const row: ResourceResult = task.result ?? {
    group: groupOf(apiVersion),
    version: versionOf(apiVersion),
    kind,
    namespace: task.namespace,
    name: metadata.name ?? '',
    ...(images.length > 0 ? { images } : {}),
    ...(task.hook ? { hookType: task.phase } : {}),
    syncPhase: task.phase,
  }
  task.result = { ...row, ...changes }
}
