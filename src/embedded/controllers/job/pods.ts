/** A Job's pods: which run, which ended, which still have to be counted. */
import type { KubeObject } from '../../objects.ts'
import { isFinished, isTerminating, type Pod } from '../shared/pods.ts'

/** Keeps an ended pod until its end has been counted. */
export const TRACKING = 'batch.kubernetes.io/job-tracking'
export const INDEX = 'batch.kubernetes.io/job-completion-index'

export interface JobPods {
  active: Pod[]
  terminating: Pod[]
  /** Ended, or as good as, and not counted yet: their finalizer is still there. */
  succeeded: Pod[]
  failed: Pod[]
}

export function sortPods(job: KubeObject, pods: Pod[]): JobPods {
  const uncounted = pods.filter(isTracked)
  return {
    active: pods.filter((pod) => !isFinished(pod) && !isTerminating(pod)),
    terminating: pods.filter((pod) => !isFinished(pod) && isTerminating(pod)),
    succeeded: uncounted.filter((pod) => pod.status?.phase === 'Succeeded'),
    failed: uncounted.filter((pod) => isFailed(job, pod)),
  }
}

/**
 * Failed, or being deleted: such a pod may never reach the Failed phase. Under podReplacementPolicy
 * Failed only one that never ran counts before it has.
 */
export function isFailed(job: KubeObject, pod: Pod): boolean {
  const phase = pod.status?.phase
  if (phase === 'Failed') return true
  if (!isTerminating(pod)) return false
  return job.spec.podReplacementPolicy === 'Failed' ? phase === 'Pending' : phase !== 'Succeeded'
}

export function isTracked(pod: Pod): boolean {
  return (pod.metadata.finalizers ?? []).includes(TRACKING)
}

/** The completion index of an Indexed Job's pod; -1 for none. */
export function indexOf(pod: Pod): number {
  const index = Number.parseInt(pod.metadata.annotations?.[INDEX] ?? '', 10)
  return Number.isNaN(index) ? -1 : index
}

/** When the last container of a pod ended, in ms; when it was deleted or created where no container says. */
export function finishedAt(pod: Pod): number {
  const ends: number[] = (pod.status?.containerStatuses ?? [])
    .map((status: any) => Date.parse(status.state?.terminated?.finishedAt ?? ''))
    .filter((time: number) => !Number.isNaN(time))
  if (ends.length > 0) return Math.max(...ends)
  const { creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata
  if (deletionTimestamp === undefined) return Date.parse(creationTimestamp)
  return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000
}

/** `0-2,4`: how status.completedIndexes is written. */
export function formatIndexes(indexes: Set<number>): string {
  const runs: [number, number][] = []
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && last[1] + 1 === index) last[1] = index
    else runs.push([index, index])
  }
  return runs
    .map(([from, to]) => (from === to ? `${from}` : from + 1 === to ? `${from},${to}` : `${from}-${to}`))
    .join(',')
}

export function parseIndexes(text: string | undefined): Set<number> {
  const indexes = new Set<number>()
  for (const part of (text ?? '').split(',').filter(Boolean)) {
    const [from, to = from] = part.split('-').map(Number) as [number, number?]
    for (let index = from; index <= to; index++) indexes.add(index)
  }
  return indexes
}
