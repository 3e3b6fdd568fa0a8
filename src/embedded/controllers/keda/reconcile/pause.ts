/** A paused ScaledObject: no loop, no HPA, and the target held at a given number. */
import { keyOf } from '../../../objects.ts'
import type { Pausing } from '../annotations.ts'
import { condition, PAUSED, UNPAUSED, withConditions } from '../conditions.ts'
import { emit } from '../emit.ts'
import { KEDA_OPERATOR } from '../resources.ts'
import type { CheckTools } from '../scale-loop/check.ts'
import type { ScaleLoops } from '../scale-loop/scale-loops.ts'
import { currentReplicas, findTarget } from '../target.ts'
import type { ScaledObject } from '../types.ts'
import { writeStatus } from '../write-status.ts'
import { deleteHpa } from './ensure-hpa.ts'
import { STEP, StepError } from './step-error.ts'

/** Sets or clears the Paused condition, with its event on a change. Pausing one direction counts as paused. */
export function showPaused(scaledObject: ScaledObject, pausing: Pausing, { context }: CheckTools): void {
  const wanted = pausing.paused || pausing.pausedScaleIn || pausing.pausedScaleOut
  const shown = condition(scaledObject.status?.conditions, 'Paused')?.status === 'True'
  if (wanted === shown) return
  const next = wanted ? PAUSED : UNPAUSED
  writeStatus(context.client, scaledObject, (status) => {
    const { pausedReplicaCount, ...rest } = status
    const kept = wanted ? { pausedReplicaCount } : {}
    return { ...rest, ...kept, conditions: withConditions(status.conditions, next) }
  })
  emit(context, scaledObject, 'Normal', next.reason!, next.message!)
}

/** Stops everything and brings the target to the paused number. Throws when that number is none. */
export async function holdPaused(
  scaledObject: ScaledObject,
  pausing: Pausing,
  loops: ScaleLoops,
  tools: CheckTools,
): Promise<void> {
  await loops.stop(keyOf(scaledObject))
  deleteHpa(scaledObject, tools)
  if (pausing.pausedReplicas === undefined) return
  const replicas = Number(pausing.pausedReplicas)
  if (!/^\d+$/.test(pausing.pausedReplicas)) {
    throw new StepError(
      STEP.pause,
      new Error(
        `failed to parse paused replica count: strconv.ParseInt: parsing "${pausing.pausedReplicas}": invalid syntax`,
      ),
    )
  }
  const { client } = tools.context
  const target = findTarget(client, scaledObject)
  if (currentReplicas(client, target) !== replicas) {
    client.setScale(target.resource, target.namespace, target.name, replicas, { fieldManager: KEDA_OPERATOR })
  }
  writeStatus(client, scaledObject, (status) => ({ ...status, pausedReplicaCount: replicas }))
}
