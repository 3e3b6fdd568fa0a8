/** The conditions of a ScaledObject, and every reason and message that KEDA puts in them. */
import type { Condition, ConditionType } from './types.ts'

const READY_MESSAGE = 'ScaledObject is defined correctly and is ready for scaling'

export const READY: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'ScaledObjectReady',
  message: READY_MESSAGE,
}
export const READY_PAUSED: Condition = { ...READY, message: 'ScaledObject is paused' }
export const TRIGGER_ERROR: Condition = {
  type: 'Ready',
  status: 'False',
  reason: 'TriggerError',
  message: 'Triggers defined in ScaledObject are not working correctly',
}
export const PARTIAL_TRIGGER_ERROR: Condition = {
  type: 'Ready',
  status: 'Unknown',
  reason: 'PartialTriggerError',
  message: 'Some triggers defined in ScaledObject are not working correctly',
}

export const ACTIVE: Condition = {
  type: 'Active',
  status: 'True',
  reason: 'ScalerActive',
  message: 'Scaling is performed because triggers are active',
}
export const FORCED_ACTIVE: Condition = {
  ...ACTIVE,
  message: 'Scaling is performed because activation is being forced by annotation',
}
export const NOT_ACTIVE: Condition = {
  type: 'Active',
  status: 'False',
  reason: 'ScalerNotActive',
  message: 'Scaling is not performed because triggers are not active',
}
export const COOLING_DOWN: Condition = {
  type: 'Active',
  status: 'False',
  reason: 'ScalerCooldown',
  message: 'Scaler cooling down because triggers are not active',
}

export const PAUSED: Condition = {
  type: 'Paused',
  status: 'True',
  reason: 'ScaledObjectPaused',
  message: 'ScaledObject is paused',
}
export const UNPAUSED: Condition = {
  type: 'Paused',
  status: 'False',
  reason: 'ScaledObjectUnpaused',
  message: 'pause annotation removed for ScaledObject',
}

export const FALLING_BACK: Condition = {
  type: 'Fallback',
  status: 'True',
  reason: 'FallbackExists',
  message: 'At least one trigger is falling back on this scaled object',
}
export const NO_FALLBACK: Condition = {
  type: 'Fallback',
  status: 'False',
  reason: 'NoFallbackFound',
  message: 'No fallbacks are active on this scaled object',
}

/** What a ScaledObject starts with. */
const INITIAL: Condition[] = [
  { type: 'Ready', status: 'Unknown' },
  { type: 'Active', status: 'Unknown' },
  { type: 'Fallback', status: 'Unknown' },
  { type: 'Paused', status: 'False' },
]

/** Ready and Active after a reconcile that failed with `message`. */
export function checkFailed(message: string): Condition[] {
  return [
    { type: 'Ready', status: 'False', reason: 'ScaledObjectCheckFailed', message },
    { type: 'Active', status: 'Unknown', reason: 'UnknownState', message: 'ScaledObject check failed' },
  ]
}

export function replicasUnreadable(error: string): Condition {
  return {
    type: 'Ready',
    status: 'False',
    reason: 'ErrorGettingCurrentReplicas',
    message: `Error getting current replicas count for ScaleTarget: ${error}`,
  }
}

export function condition(conditions: Condition[] | undefined, type: ConditionType): Condition | undefined {
  return conditions?.find((candidate) => candidate.type === type)
}

/** `conditions` with each of `changed` in place of its type. */
export function withConditions(conditions: Condition[] | undefined, ...changed: Condition[]): Condition[] {
  const result = [...(conditions?.length ? conditions : INITIAL)]
  for (const next of changed) {
    const at = result.findIndex((candidate) => candidate.type === next.type)
    if (at < 0) result.push(next)
    else result[at] = next
  }
  return result
}

/** KEDA's mirror of its HPA's ScalingActive condition; undefined while the HPA has none. */
export function hpaActive(
  hpaConditions: { type: string; status: string; reason?: string; message?: string }[] | undefined,
): Condition | undefined {
  const scaling = hpaConditions?.find((candidate) => candidate.type === 'ScalingActive')
  if (!scaling) return undefined
  if (scaling.status !== 'False') {
    return { type: 'HPAActive', status: 'True', reason: 'HPAActive', message: 'HPA is actively scaling' }
  }
  if (scaling.reason === 'ScalingDisabled') {
    return { type: 'HPAActive', status: 'True', reason: 'ScalingDisabled', message: scaling.message ?? '' }
  }
  return {
    type: 'HPAActive',
    status: 'False',
    reason: scaling.reason || 'HPAMetricsUnavailable',
    message: `HPA is not actively scaling: ${scaling.message ?? ''}`,
  }
}
