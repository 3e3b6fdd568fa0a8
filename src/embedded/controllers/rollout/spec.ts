/** Defaults of a Rollout's spec, which the CRD leaves to the controller. */

import { parseGoDuration } from '../../../lib/go-duration.ts'
import type { KubeObject } from '../../objects.ts'
import type { CanaryStep } from './types.ts'

/** spec.replicas; the controller writes 1 when it is absent. */
export function desiredReplicas(rollout: KubeObject): number {
  return rollout.spec.replicas ?? 1
}

export function revisionHistoryLimit(rollout: KubeObject): number {
  return rollout.spec.revisionHistoryLimit ?? 10
}

export function progressDeadlineSeconds(rollout: KubeObject): number {
  return rollout.spec.progressDeadlineSeconds ?? 600
}

export function canarySteps(rollout: KubeObject): CanaryStep[] {
  return rollout.spec.strategy?.canary?.steps ?? []
}

export function isBlueGreen(rollout: KubeObject): boolean {
  return rollout.spec.strategy?.blueGreen !== undefined
}

export function isTrafficRouted(rollout: KubeObject): boolean {
  return rollout.spec.strategy?.canary?.trafficRouting !== undefined
}

/** trafficRouting.maxTrafficWeight; weights are percentages without it. */
export function maxTrafficWeight(rollout: KubeObject): number {
  return rollout.spec.strategy?.canary?.trafficRouting?.maxTrafficWeight ?? 100
}

/** For blue-green and traffic-routed canaries; a basic canary has no delay. */
export function scaleDownDelaySeconds(rollout: KubeObject): number {
  const { blueGreen, canary } = rollout.spec.strategy ?? {}
  if (blueGreen) return blueGreen.scaleDownDelaySeconds ?? 30
  return canary?.trafficRouting ? (canary.scaleDownDelaySeconds ?? 30) : 0
}

export function scaleDownDelayRevisionLimit(rollout: KubeObject): number {
  const { blueGreen, canary } = rollout.spec.strategy ?? {}
  return (blueGreen ?? canary)?.scaleDownDelayRevisionLimit ?? Number.POSITIVE_INFINITY
}

/** Seconds until the new ReplicaSet goes after an abort; undefined: it stays. */
export function abortScaleDownDelaySeconds(rollout: KubeObject): number | undefined {
  const { blueGreen, canary } = rollout.spec.strategy ?? {}
  const seconds = (blueGreen ?? canary)?.abortScaleDownDelaySeconds ?? 30
  return seconds === 0 ? undefined : seconds
}

/** Seconds of a pause step, undefined for one without end. Numbers, digits, and Go durations are seconds. */
export function pauseSeconds(duration: number | string | undefined): number | undefined {
  if (duration === undefined || typeof duration === 'number') return duration
  if (/^[+-]?\d+$/.test(duration)) return Number(duration)
  const ms = parseGoDuration(duration)
  // Upstream answers -1 for text that is no duration, which validation refuses.
  return ms === undefined ? -1 : Math.trunc(ms / 1000)
}
