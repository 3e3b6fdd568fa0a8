/** What controllers ask about a pod: active, ready, available. */
import type { KubeObject } from '../../objects.ts'
import { type Condition, findCondition } from './conditions.ts'

export type Pod = KubeObject

export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined
}

/** Neither finished nor being deleted: what counts as a replica. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && !isTerminating(pod)
}

export function podCondition(pod: Pod, type: string): Condition | undefined {
  return findCondition(pod.status?.conditions, type)
}

export function isReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True'
}

/** When the pod became Ready, in ms since the epoch; undefined while it is not. */
export function readySince(pod: Pod): number | undefined {
  const condition = podCondition(pod, 'Ready')
  if (condition?.status !== 'True') return undefined
  return Date.parse(condition.lastTransitionTime ?? '')
}

/** Ready for at least `minReadySeconds`. */
export function isAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  const since = readySince(pod)
  if (since === undefined) return false
  return minReadySeconds === 0 || since + minReadySeconds * 1000 <= nowMs
}

/** Milliseconds until the next of `pods` turns available by itself; undefined when none will. */
export function nextAvailableInMs(pods: Pod[], minReadySeconds: number, nowMs: number): number | undefined {
  if (minReadySeconds === 0) return undefined
  const waits = pods
    .map((pod) => readySince(pod))
    .filter((since) => since !== undefined)
    .map((since) => since + minReadySeconds * 1000 - nowMs)
    .filter((wait) => wait > 0)
  return waits.length > 0 ? Math.min(...waits) : undefined
}
