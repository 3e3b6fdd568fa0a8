/** maxSurge and maxUnavailable of a Rollout, in pods. */
import type { KubeObject } from '../../../objects.ts'
import { resolveIntOrPercent } from '../../shared/int-or-percent.ts'
import { desiredReplicas } from '../spec.ts'

const DEFAULT = '25%'

/** Pods above spec.replicas: percentages round up; blue-green has none. */
export function maxSurge(rollout: KubeObject): number {
  const { canary } = rollout.spec.strategy ?? {}
  return canary ? resolveLimits(canary, desiredReplicas(rollout)).surge : 0
}

/** Pods that may be missing: percentages round down; at most all of them. */
export function maxUnavailable(rollout: KubeObject): number {
  const desired = desiredReplicas(rollout)
  const { blueGreen, canary } = rollout.spec.strategy ?? {}
  if (desired === 0) return 0
  const unavailable = canary
    ? resolveLimits(canary, desired).unavailable
    : podsOf(blueGreen?.maxUnavailable ?? DEFAULT, desired, 'down')
  return Math.min(unavailable, desired)
}

interface Limits {
  maxSurge?: number | string
  maxUnavailable?: number | string
}

/** Both at once: when both round to zero nothing could ever move, so one pod may be missing. */
export function resolveLimits(limits: Limits, desired: number): { surge: number; unavailable: number } {
  const surge = podsOf(limits.maxSurge ?? DEFAULT, desired, 'up')
  const unavailable = podsOf(limits.maxUnavailable ?? DEFAULT, desired, 'down')
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

/** Text without a `%` counts as a percentage all the same. */
function podsOf(value: number | string, desired: number, round: 'up' | 'down'): number {
  const percent = typeof value === 'string' && !value.endsWith('%') ? `${value}%` : value
  return resolveIntOrPercent(percent, desired, round) ?? 0
}
