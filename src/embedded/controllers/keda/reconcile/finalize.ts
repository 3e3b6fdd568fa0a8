/** The end of a ScaledObject: loop stopped, replicas restored if asked for, finalizer dropped. */
import { messageOf } from '../../../../lib/errors.ts'
import { keyOf } from '../../../objects.ts'
import { markAuthUsers } from '../auth/auth-users.ts'
import { emit } from '../emit.ts'
import { FINALIZER, KEDA_OPERATOR, SCALED_OBJECTS } from '../resources.ts'
import type { CheckTools } from '../scale-loop/check.ts'
import type { ScaleLoops } from '../scale-loop/scale-loops.ts'
import { findTarget } from '../target.ts'
import type { ScaledObject } from '../types.ts'

/** The HPA is left to the garbage collector. */
export async function finalize(
  scaledObject: ScaledObject,
  loops: ScaleLoops,
  { context, cache }: CheckTools,
): Promise<void> {
  const { metadata } = scaledObject
  const finalizers = metadata.finalizers ?? []
  if (!finalizers.includes(FINALIZER)) return
  const { client } = context
  await loops.stop(keyOf(scaledObject))
  await cache.clear(keyOf(scaledObject))
  restoreReplicas(scaledObject, { context })
  markAuthUsers(client, scaledObject, false)
  emit(context, scaledObject, 'Warning', 'ScaledObjectDeleted', 'ScaledObject was deleted')
  const left = finalizers.filter((name) => name !== FINALIZER)
  client.patch(
    SCALED_OBJECTS,
    metadata.namespace,
    metadata.name,
    { metadata: { finalizers: left } },
    {
      type: 'merge',
      fieldManager: KEDA_OPERATOR,
    },
  )
}

function restoreReplicas(scaledObject: ScaledObject, { context }: Pick<CheckTools, 'context'>): void {
  const { spec, status } = scaledObject
  if (!spec.advanced?.restoreToOriginalReplicaCount || !status?.scaleTargetGVKR) return
  try {
    const { resource, namespace, name } = findTarget(context.client, scaledObject)
    const options = { fieldManager: KEDA_OPERATOR }
    context.client.setScale(resource, namespace, name, status.originalReplicaCount ?? 1, options)
  } catch (thrown) {
    // A target that is gone must not hold the ScaledObject back.
    context.log.error(`restoring the replicas of ${keyOf(scaledObject)} failed: ${messageOf(thrown)}`)
  }
}
