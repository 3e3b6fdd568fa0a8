/** Fallback: what a failing trigger counts for, and the health that status keeps of each metric. */
import type { Fallback, Health } from './types.ts'

export interface FallbackInput {
  fallback: Fallback
  metricType: string
  /** The metric's target per replica (AverageValue) or in all (Value). */
  target: number
  health: Health | undefined
  failed: boolean
  /** spec.replicas of the target. */
  current: number
  readyPods: number
}

export interface FallbackOutcome {
  health: Health
  /** The value to answer in place of the failed one; undefined = no fallback now. */
  value?: number
}

/** One reading counted (fallback.go): above failureThreshold failures in a row the fallback value stands in. */
export function countReading(input: FallbackInput): FallbackOutcome {
  if (!input.failed) return { health: { numberOfFailures: 0, status: 'Happy' } }
  const numberOfFailures = (input.health?.numberOfFailures ?? 0) + 1
  const health: Health = { numberOfFailures, status: 'Failing' }
  if (numberOfFailures <= input.fallback.failureThreshold) return { health }
  const value = fallbackValue(input)
  return value === undefined ? { health } : { health, value }
}

function fallbackValue({
  fallback,
  metricType,
  target,
  current,
  readyPods,
}: FallbackInput): number | undefined {
  const replicas = fallbackReplicas(fallback, current)
  if (metricType !== 'Value') return target * replicas
  // The HPA multiplies a Value metric by the ready pods: divide first. Without pods there is no answer.
  return readyPods === 0 ? undefined : (target * replicas) / readyPods
}

function fallbackReplicas({ behavior = 'static', replicas }: Fallback, current: number): number {
  switch (behavior) {
    case 'currentReplicas':
      return current
    case 'currentReplicasIfHigher':
      return Math.max(current, replicas)
    case 'currentReplicasIfLower':
      return Math.min(current, replicas)
    default:
      return replicas
  }
}
