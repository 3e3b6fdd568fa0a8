/** Bounds and rates: how far one sync may go. */
import { changedIn, type Memory } from './memory.ts'
import type { Reasoned } from './stabilise.ts'

export const WITHIN_RANGE = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
}
const TOO_FEW = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
}
const TOO_MANY = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
}
const TOO_FAST_UP = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
}
const TOO_FAST_DOWN = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
}

export interface Bounds {
  current: number
  min: number
  max: number
}

/** Without `spec.behavior`: at most double, or four. */
export function limit(desired: number, { current, min, max }: Bounds): Reasoned {
  const fastest = Math.max(2 * current, 4)
  if (desired < min) return { replicas: min, ...TOO_FEW }
  if (desired > Math.min(max, fastest)) {
    return max > fastest ? { replicas: fastest, ...TOO_FAST_UP } : { replicas: max, ...TOO_MANY }
  }
  return { replicas: desired, ...WITHIN_RANGE }
}

/** With `spec.behavior`: what its policies allow on top of what this HPA did in their periods. */
export function limitWithBehavior(
  desired: number,
  { current, min, max }: Bounds,
  behavior: any,
  memory: Memory,
  now: number,
): Reasoned {
  if (desired > current) {
    const fastest = Math.max(current, upLimit(current, behavior.scaleUp, memory, now))
    const most = max > fastest ? { replicas: fastest, ...TOO_FAST_UP } : { replicas: max, ...TOO_MANY }
    if (desired > most.replicas) return most
  } else if (desired < current) {
    const fastest = Math.min(current, downLimit(current, behavior.scaleDown, memory, now))
    const least = min < fastest ? { replicas: fastest, ...TOO_FAST_DOWN } : { replicas: min, ...TOO_FEW }
    if (desired < least.replicas) return least
  }
  return { replicas: desired, ...WITHIN_RANGE }
}

function upLimit(current: number, rules: any, memory: Memory, now: number): number {
  if (rules?.selectPolicy === 'Disabled') return current
  const proposals = (rules?.policies ?? []).map(({ type, value, periodSeconds }: any) => {
    const start = periodStart(current, periodSeconds, memory, now)
    return type === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100))
  })
  return rules?.selectPolicy === 'Min' ? Math.min(...proposals) : Math.max(...proposals)
}

function downLimit(current: number, rules: any, memory: Memory, now: number): number {
  if (rules?.selectPolicy === 'Disabled') return current
  const proposals = (rules?.policies ?? []).map(({ type, value, periodSeconds }: any) => {
    const start = periodStart(current, periodSeconds, memory, now)
    return type === 'Pods' ? start - value : Math.trunc(start * (1 - value / 100))
  })
  return rules?.selectPolicy === 'Min' ? Math.max(...proposals) : Math.min(...proposals)
}

/** Replicas at the start of the period, as far as this HPA changed them since. */
function periodStart(current: number, periodSeconds: number, memory: Memory, now: number): number {
  return (
    current -
    changedIn(memory.scaleUps, periodSeconds, now) +
    changedIn(memory.scaleDowns, periodSeconds, now)
  )
}
