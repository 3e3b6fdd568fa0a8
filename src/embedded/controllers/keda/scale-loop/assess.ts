/** What one round of trigger readings means: active, failed, falling back, and the health to remember. */
import { messageOf } from '../../../../lib/errors.ts'
import { countReading } from '../fallback.ts'
import type { Reading } from '../scalers/scaler.ts'
import type { Fallback, Health } from '../types.ts'

export interface TriggerReading {
  metricName: string
  metricType: string
  target: number
  result: Reading | { error: unknown }
}

export interface AssessInput {
  /** External triggers only: the HPA measures cpu and memory. */
  readings: TriggerReading[]
  fallback: Fallback | undefined
  health: Record<string, Health>
  current: number
  readyPods: number
}

export interface Assessment {
  active: boolean
  error: boolean
  errors: string[]
  /** Of active triggers, for the activation event. */
  activeMetrics: string[]
  /** Metric → value, fallback values included; failed ones are missing. */
  values: Record<string, number>
  triggersActivity: Record<string, { isActive: boolean }>
  health: Record<string, Health>
  fallingBack: boolean
}

export function assess({ readings, fallback, health, current, readyPods }: AssessInput): Assessment {
  const result: Assessment = {
    active: false,
    error: false,
    errors: [],
    activeMetrics: [],
    values: {},
    triggersActivity: {},
    health: {},
    fallingBack: false,
  }
  for (const { metricName, metricType, target, result: read } of readings) {
    const failed = 'error' in read
    if (failed) result.errors.push(messageOf(read.error))
    const counted = fallback
      ? countReading({ fallback, metricType, target, health: health[metricName], failed, current, readyPods })
      : undefined
    if (counted) result.health[metricName] = counted.health
    const standIn = counted?.value
    if (standIn !== undefined) result.fallingBack = true
    else if (failed) result.error = true
    const isActive = failed ? standIn !== undefined : read.active
    const value = failed ? standIn : read.value
    if (value !== undefined) result.values[metricName] = value
    result.triggersActivity[metricName] = { isActive }
    if (isActive) result.activeMetrics.push(metricName)
  }
  // Nothing but cpu and memory: always active, the HPA does the rest.
  result.active = readings.length === 0 || result.activeMetrics.length > 0
  return result
}
