/** How far and how fast an HPA may go: policies, stabilisation windows, tolerances. */
import type { KubeObject } from '../lib/kube/object.ts'
import { numericValueOrNaN } from '../lib/quantity.ts'
import { count, span } from './words.ts'

interface Policy {
  type: 'Pods' | 'Percent'
  value: number
  periodSeconds: number
}

interface Rules {
  stabilizationWindowSeconds?: number
  policies?: Policy[]
  selectPolicy?: 'Max' | 'Min' | 'Disabled'
  tolerance?: string
}

/** One direction: the farthest replica count that the next look may ask for, and why. */
export interface Direction {
  limit: number
  windowSeconds: number
  tolerance: number
  /** `at most 100 % or 4 pods added in 15 s`. */
  text: string
}

/** The API's defaults (autoscaling/v2), and the controller manager's --horizontal-pod-autoscaler-tolerance. */
const UP: Rules = {
  stabilizationWindowSeconds: 0,
  policies: [
    { type: 'Percent', value: 100, periodSeconds: 15 },
    { type: 'Pods', value: 4, periodSeconds: 15 },
  ],
}
const DOWN: Rules = {
  stabilizationWindowSeconds: 300,
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
}
const TOLERANCE = 0.1

/** Limits upward from `current` replicas, as if none had been added within the policies' periods. */
export function upward(hpa: KubeObject, current: number): Direction {
  if (!hpa.spec.behavior) {
    const limit = Math.max(2 * current, 4)
    const text = `at most to ${limit} in one look (twice as many, or 4)`
    return { limit, windowSeconds: 0, tolerance: TOLERANCE, text }
  }
  const rules: Rules = { ...UP, ...hpa.spec.behavior.scaleUp }
  return direction(rules, current, 'added', ({ type, value }) =>
    type === 'Pods' ? current + value : Math.ceil(current * (1 + value / 100)),
  )
}

/** Limits downward from `current` replicas, as if none had been removed within the policies' periods. */
export function downward(hpa: KubeObject, current: number): Direction {
  const rules: Rules = { ...DOWN, ...hpa.spec.behavior?.scaleDown }
  return direction(rules, current, 'removed', ({ type, value }) =>
    Math.max(0, type === 'Pods' ? current - value : Math.trunc(current * (1 - value / 100))),
  )
}

function direction(
  rules: Rules,
  current: number,
  done: 'added' | 'removed',
  limitOf: (policy: Policy) => number,
): Direction {
  const { stabilizationWindowSeconds = 0, policies = [], selectPolicy = 'Max' } = rules
  const tolerance = rules.tolerance === undefined ? TOLERANCE : numericValueOrNaN(rules.tolerance)
  const base = { windowSeconds: stabilizationWindowSeconds, tolerance }
  if (selectPolicy === 'Disabled' || policies.length === 0) {
    return { ...base, limit: current, text: 'nowhere: its selectPolicy is Disabled' }
  }
  const limits = policies.map(limitOf)
  // "Max" means the policy that allows the most change: the highest count upward, the lowest downward.
  const farthest = (selectPolicy === 'Max') === (done === 'added') ? Math.max : Math.min
  const texts = policies.map(({ type, value, periodSeconds }) => {
    const amount = type === 'Pods' ? count(value, 'pod') : `${value} %`
    return `${amount} ${done} in ${span(periodSeconds)}`
  })
  const joined = texts.join(selectPolicy === 'Max' ? ' or ' : ' and ')
  return { ...base, limit: farthest(...limits), text: `by at most ${joined}` }
}
