/** One check of a ScaledObject: ask the triggers, decide, scale, report. */

import { rfc3339 } from '../../../../lib/clock.ts'
import { messageOf } from '../../../../lib/errors.ts'
import { keyOf } from '../../../objects.ts'
import type { Context } from '../../runtime/controller.ts'
import { pausing } from '../annotations.ts'
import { condition, FALLING_BACK, hpaActive, NO_FALLBACK, withConditions } from '../conditions.ts'
import { emit } from '../emit.ts'
import { composite } from '../modifiers/composite.ts'
import { HPAS, KEDA_OPERATOR } from '../resources.ts'
import type { BuiltTrigger, ScalersCache } from '../scalers-cache.ts'
import { currentReplicas, findTarget, readyPods, type Target } from '../target.ts'
import type { Condition, ScaledObject } from '../types.ts'
import { writeStatus } from '../write-status.ts'
import { type Assessment, assess, type TriggerReading } from './assess.ts'
import { type Decision, decide } from './decide.ts'
import type { MetricRecords } from './metric-records.ts'

export interface CheckTools {
  context: Context
  cache: ScalersCache
  records: MetricRecords
}

/** Scalers that cannot be built end the check: status and replicas stay as they are. */
export async function check(
  scaledObject: ScaledObject,
  { context, cache, records }: CheckTools,
  stopped: () => boolean,
): Promise<void> {
  let triggers: BuiltTrigger[]
  try {
    triggers = await cache.get(scaledObject)
  } catch (thrown) {
    context.log.debug(`scalers of ${keyOf(scaledObject)}: ${messageOf(thrown)}`)
    return
  }
  const readings = await readTriggers(triggers)
  if (stopped()) return
  const key = keyOf(scaledObject)
  records.keep(key, triggers, readings)
  if (readings.some(({ result }) => 'error' in result)) {
    records.drop(key)
    await cache.clear(key)
    if (stopped()) return
  }
  finishCheck(scaledObject, readings, context)
}

/** All external triggers at once. */
export async function readTriggers(triggers: BuiltTrigger[]): Promise<TriggerReading[]> {
  return await Promise.all(
    triggers
      .filter(({ scaler }) => scaler.external)
      .map(async (trigger) => {
        const { metricName, target } = trigger.scaler.external!
        const metricType = trigger.scaler.metricSpec.external.target.type
        try {
          return { metricName, metricType, target, result: await trigger.read() }
        } catch (error) {
          return { metricName, metricType, target, result: { error } }
        }
      }),
  )
}

function finishCheck(scaledObject: ScaledObject, readings: TriggerReading[], context: Context): void {
  const { client, clock } = context
  const { spec, status, metadata } = scaledObject
  const target = findTarget(client, scaledObject)
  const current = attempt(() => currentReplicas(client, target))
  const assessment = assess({
    readings,
    fallback: spec.fallback,
    health: status?.health ?? {},
    current: typeof current === 'number' ? current : 0,
    readyPods: spec.fallback && typeof current === 'number' ? readyPods(client, target) : 0,
  })
  for (const error of assessment.errors) emit(context, scaledObject, 'Warning', 'KEDAScalerFailed', error)
  const modified = composite(scaledObject, assessment.values, assessment.error)
  const lastActive = status?.lastActiveTime
  const decision = decide({
    spec,
    pausing: pausing(scaledObject),
    nowMs: clock.now(),
    createdMs: Date.parse(metadata.creationTimestamp),
    lastActiveMs: lastActive === undefined ? undefined : Date.parse(lastActive),
    current,
    active: modified?.active ?? assessment.active,
    error: assessment.error,
  })
  const scaled = carryOutScale(decision, scaledObject, target, current, assessment, context)
  report(scaledObject, decision, assessment, scaled, context)
}

function attempt(read: () => number): number | { error: string } {
  try {
    return read()
  } catch (thrown) {
    return { error: messageOf(thrown) }
  }
}

/** False when a wanted write to /scale failed. */
function carryOutScale(
  { scale }: Decision,
  scaledObject: ScaledObject,
  target: Target,
  current: number | { error: string },
  { activeMetrics }: Assessment,
  context: Context,
): boolean {
  if (!scale) return true
  const from = typeof current === 'number' ? current : -1
  const span = `${target.gvk} ${target.namespace}/${target.name} from ${from} to ${scale.to}`
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    emit(context, scaledObject, type, reason, message)
  try {
    context.client.setScale(target.resource, target.namespace, target.name, scale.to, {
      fieldManager: KEDA_OPERATOR,
    })
  } catch (thrown) {
    context.log.warn(`scaling ${span} failed: ${messageOf(thrown)}`)
    if (scale.why === 'activate')
      tell('Warning', 'KEDAScaleTargetActivationFailed', `Failed to scale ${span}`)
    if (scale.why === 'deactivate') {
      tell('Warning', 'KEDAScaleTargetDeactivationFailed', `Failed to deactivate ${span}`)
    }
    return false
  }
  if (scale.why === 'activate') {
    const cause = activeMetrics.length
      ? `triggered by ${activeMetrics.join(';')}`
      : 'caused by forced activation annotation'
    tell('Normal', 'KEDAScaleTargetActivated', `Scaled ${span}, ${cause}`)
  }
  if (scale.why === 'deactivate') tell('Normal', 'KEDAScaleTargetDeactivated', `Deactivated ${span}`)
  return true
}

function report(
  scaledObject: ScaledObject,
  decision: Decision,
  assessment: Assessment,
  scaled: boolean,
  context: Context,
): void {
  const { client, clock } = context
  const fallback = fallbackCondition(scaledObject, assessment, context)
  const hpa = scaledObject.status?.hpaName
    ? client.get(HPAS, scaledObject.metadata.namespace, scaledObject.status.hpaName)
    : undefined
  const mirrored = hpaActive(hpa?.status?.conditions)
  const conditions = [...decision.conditions, ...fallback, ...(mirrored ? [mirrored] : [])]
  writeStatus(client, scaledObject, (status) => ({
    ...status,
    conditions: withConditions(status.conditions, ...conditions),
    ...(decision.touch && scaled ? { lastActiveTime: rfc3339(clock.now()) } : {}),
    triggersActivity: assessment.triggersActivity,
    ...(scaledObject.spec.fallback ? { health: assessment.health } : {}),
  }))
}

/** Set only where a fallback is configured; crossing over is worth an event. */
function fallbackCondition(
  scaledObject: ScaledObject,
  { fallingBack }: Assessment,
  context: Context,
): Condition[] {
  if (!scaledObject.spec.fallback) return []
  const before = condition(scaledObject.status?.conditions, 'Fallback')?.status === 'True'
  if (fallingBack && !before) {
    emit(context, scaledObject, 'Normal', 'ScaledObjectFallbackActivated', 'ScaledObject fallback is active')
  }
  if (!fallingBack && before) {
    const message = 'ScaledObject fallback is no longer active'
    emit(context, scaledObject, 'Normal', 'ScaledObjectFallbackDeactivated', message)
  }
  return [fallingBack ? FALLING_BACK : NO_FALLBACK]
}
