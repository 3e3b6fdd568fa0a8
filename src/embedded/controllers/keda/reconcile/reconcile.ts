/** One pass over a ScaledObject, in KEDA's order: finalizer, pause, target, bounds, triggers, HPA, loop. */
import { isStatus } from '../../../errors.ts'
import { keyOf } from '../../../objects.ts'
import { pausing } from '../annotations.ts'
import { markAuthUsers } from '../auth/auth-users.ts'
import { checkFailed, condition, NO_FALLBACK, READY, READY_PAUSED, withConditions } from '../conditions.ts'
import { emit } from '../emit.ts'
import { modifiersError } from '../modifiers/composite.ts'
import { boundsError } from '../replica-bounds.ts'
import { FINALIZER, KEDA_OPERATOR, NAME_LABEL, SCALED_OBJECTS } from '../resources.ts'
import type { CheckTools } from '../scale-loop/check.ts'
import type { ScaleLoops } from '../scale-loop/scale-loops.ts'
import { currentReplicas, findTarget, type Target } from '../target.ts'
import { triggerSummaries, triggersError } from '../trigger-checks.ts'
import type { Condition, ScaledObject, ScaledObjectStatus } from '../types.ts'
import { writeStatus } from '../write-status.ts'
import { ensureHpa } from './ensure-hpa.ts'
import { finalize } from './finalize.ts'
import { holdPaused, showPaused } from './pause.ts'
import { STEP, StepError } from './step-error.ts'

/** A throw requeues with backoff; the conditions tell the cause by then. */
export async function reconcileScaledObject(
  found: ScaledObject,
  loops: ScaleLoops,
  tools: CheckTools,
): Promise<void> {
  if (found.metadata.deletionTimestamp) return await finalize(found, loops, tools)
  const scaledObject = ensureMetadata(found, tools)
  const { client } = tools.context
  try {
    const pause = pausing(scaledObject)
    showPaused(scaledObject, pause, tools)
    if (pause.paused) {
      await holdPaused(scaledObject, pause, loops, tools)
      succeed(scaledObject, READY_PAUSED, {}, tools)
      return
    }
    const status = await reconcileScaling(scaledObject, loops, tools)
    markAuthUsers(client, scaledObject, true)
    succeed(scaledObject, READY, status, tools)
  } catch (thrown) {
    fail(scaledObject, thrown, tools)
    throw thrown
  }
}

/** The finalizer and the label that the metrics API looks for. */
function ensureMetadata(scaledObject: ScaledObject, { context }: CheckTools): ScaledObject {
  const { namespace, name, finalizers = [], labels } = scaledObject.metadata
  if (finalizers.includes(FINALIZER) && labels?.[NAME_LABEL] === name) return scaledObject
  const metadata = {
    finalizers: [...new Set([...finalizers, FINALIZER])],
    labels: { [NAME_LABEL]: name },
  }
  return context.client.patch(
    SCALED_OBJECTS,
    namespace,
    name,
    { metadata },
    {
      type: 'merge',
      fieldManager: KEDA_OPERATOR,
    },
  ) as ScaledObject
}

async function reconcileScaling(
  scaledObject: ScaledObject,
  loops: ScaleLoops,
  tools: CheckTools,
): Promise<ScaledObjectStatus> {
  const { spec } = scaledObject
  if (!spec.scaleTargetRef?.name) {
    throw new StepError(STEP.target, new Error('ScaledObject.spec.scaleTargetRef.name is missing'))
  }
  const { target, replicas } = checkTarget(scaledObject, tools)
  const bounds = boundsError(spec)
  if (bounds) throw new StepError(STEP.bounds, new Error(bounds))
  const triggers = triggersError(spec.triggers) ?? modifiersError(spec)
  if (triggers) throw new StepError(STEP.triggers, new Error(triggers))
  const hpa = await ensureHpa(scaledObject, target, tools)
  const status: ScaledObjectStatus = {
    scaleTargetKind: target.gvk,
    scaleTargetGVKR: target.gvkr,
    originalReplicaCount: scaledObject.status?.originalReplicaCount ?? replicas,
    ...triggerSummaries(spec.triggers),
    ...hpa.status,
  }
  // The loop mirrors the HPA that status names, so status comes first.
  writeStatus(tools.context.client, scaledObject, (old) => ({ ...pruned(old, hpa.status), ...status }))
  if (hpa.created || loops.generation(keyOf(scaledObject)) !== scaledObject.metadata.generation) {
    await loops.start(scaledObject)
  }
  return status
}

function checkTarget(
  scaledObject: ScaledObject,
  { context }: CheckTools,
): { target: Target; replicas: number } {
  const { client } = context
  let target: Target
  try {
    target = findTarget(client, scaledObject)
  } catch (thrown) {
    throw new StepError(STEP.target, thrown)
  }
  try {
    return { target, replicas: currentReplicas(client, target) }
  } catch (thrown) {
    const missing = isStatus(thrown, 404) && !client.get(target.resource, target.namespace, target.name)
    const why = missing
      ? "Target resource doesn't exist"
      : "Target resource doesn't expose /scale subresource"
    throw new StepError(STEP.target, thrown, why)
  }
}

/** Names that the HPA no longer has leave status, and with them their health. */
function pruned(
  status: ScaledObjectStatus,
  { externalMetricNames = [] }: ScaledObjectStatus,
): ScaledObjectStatus {
  const {
    externalMetricNames: _external,
    resourceMetricNames: _resource,
    compositeScalerName: _composite,
    health,
    ...kept
  } = status
  if (!health) return kept
  const current = Object.entries(health).filter(([metric]) => externalMetricNames.includes(metric))
  return { ...kept, health: Object.fromEntries(current) }
}

function succeed(
  scaledObject: ScaledObject,
  ready: Condition,
  changes: ScaledObjectStatus,
  { context }: CheckTools,
): void {
  const before = condition(scaledObject.status?.conditions, 'Ready')?.status
  const fallback = scaledObject.spec.fallback ? [] : [NO_FALLBACK]
  writeStatus(context.client, scaledObject, (status) => ({
    ...status,
    ...changes,
    conditions: withConditions(status.conditions, ready, ...fallback),
  }))
  if (before !== 'True') {
    emit(context, scaledObject, 'Normal', 'ScaledObjectReady', 'ScaledObject is ready for scaling')
  }
}

function fail(scaledObject: ScaledObject, thrown: unknown, { context }: CheckTools): void {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (thrown instanceof StepError && thrown.extraEvent) {
    emit(context, scaledObject, 'Warning', 'ScaledObjectCheckFailed', thrown.extraEvent)
  }
  emit(context, scaledObject, 'Warning', 'ScaledObjectCheckFailed', message)
  writeStatus(context.client, scaledObject, (status) => ({
    ...status,
    conditions: withConditions(status.conditions, ...checkFailed(message)),
  }))
}
