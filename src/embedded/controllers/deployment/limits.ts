/** How far a rolling update may go above and below the desired size. */
import type { KubeObject } from '../../objects.ts'
import { resolveIntOrPercent } from '../shared/int-or-percent.ts'

/** 2147483647 in progressDeadlineSeconds or revisionHistoryLimit stands for "never". */
export const UNLIMITED = 2147483647

export function isRollingUpdate(deployment: KubeObject): boolean {
  return deployment.spec.strategy?.type !== 'Recreate'
}

export function desiredReplicas(deployment: KubeObject): number {
  return deployment.spec.replicas ?? 1
}

/** maxSurge rounds up, maxUnavailable down; both zero would stall, so unavailable becomes one. */
function fenceposts(deployment: KubeObject): { surge: number; unavailable: number } {
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {}
  const replicas = desiredReplicas(deployment)
  const surge = resolveIntOrPercent(maxSurge, replicas, 'up') ?? 0
  const unavailable = resolveIntOrPercent(maxUnavailable, replicas, 'down') ?? 0
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

export function maxSurge(deployment: KubeObject): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0
}

export function maxUnavailable(deployment: KubeObject): number {
  const replicas = desiredReplicas(deployment)
  if (!isRollingUpdate(deployment) || replicas === 0) return 0
  return Math.min(fenceposts(deployment).unavailable, replicas)
}

export function hasProgressDeadline(deployment: KubeObject): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds
  return seconds !== undefined && seconds !== UNLIMITED
}
