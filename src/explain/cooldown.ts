/** KEDA's way back to its minimum: cooldownPeriod after the last activity. */
import type { KubeObject } from '../lib/kube/object.ts'
import { condition } from '../status/conditions.ts'
import { type ChainStep, link } from './why.ts'
import { secondsUntil, span } from './words.ts'

/** KEDA's defaults, which an applied ScaledObject does not carry. Seconds. */
const COOLDOWN = 300
const POLLING = 30

export function pollingSeconds(scaledObject: KubeObject): number {
  return scaledObject.spec?.pollingInterval ?? POLLING
}

/** Where KEDA itself goes when nothing is to be done: idleReplicaCount, else minReplicaCount, else 0. */
export function restingReplicas(scaledObject: KubeObject): number {
  return scaledObject.spec?.idleReplicaCount ?? scaledObject.spec?.minReplicaCount ?? 0
}

/**
 * Seconds until KEDA may scale to rest; 0 when it may now. Without any activity so far the
 * initialCooldownPeriod counts from the ScaledObject's creation, and cooldownPeriod does not.
 */
export function cooldownLeft({ metadata, spec, status }: KubeObject, now: number): number {
  const active = Date.parse(status?.lastActiveTime ?? '')
  if (!Number.isNaN(active)) return secondsUntil(active + (spec?.cooldownPeriod ?? COOLDOWN) * 1000, now)
  const created = Date.parse(metadata.creationTimestamp ?? '') || now
  return secondsUntil(created + (spec?.initialCooldownPeriod ?? 0) * 1000, now)
}

/** The link about the way to rest; undefined when the workload rests already. */
export function cooldownStep(scaledObject: KubeObject, desired: number, now: number): ChainStep | undefined {
  const rest = restingReplicas(scaledObject)
  if (desired <= rest) return undefined
  const period = scaledObject.spec?.cooldownPeriod ?? COOLDOWN
  if (condition(scaledObject, 'Active')?.status === 'True') {
    const text = `Cooldown has not begun: it counts ${span(period)} from the last look that found messages.`
    return link('cooldown', period, text)
  }
  if (rest > 0 && scaledObject.spec?.idleReplicaCount === undefined) {
    return link(
      'cooldown',
      null,
      `No cooldown: minReplicaCount is ${rest}, so KEDA leaves the rest to the HPA.`,
    )
  }
  const left = cooldownLeft(scaledObject, now)
  const text = left > 0 ? `${span(left)} of the ${span(period)} cooldown are left.` : 'The cooldown is over.'
  return link('cooldown', left, text)
}
