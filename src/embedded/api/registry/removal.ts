/** The end of an object: when its last finalizer is gone. */
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import { bucketOf, inVersion, type RegistryContext, toStorage } from './context.ts'
import { strategyOf } from './strategies/index.ts'

/** Whether nothing holds an object that is being deleted: no finalizers, and no grace period that runs. */
export function isFinished(old: KubeObject, next: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = old.metadata
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && !isHeld(next)
}

/** Whether finalizers hold the object; a Namespace has some in its spec too. */
export function isHeld(object: KubeObject): boolean {
  if (object.metadata.finalizers?.length) return true
  return object.kind === 'Namespace' && object.apiVersion === 'v1' && object.spec?.finalizers?.length > 0
}

/** Removes the object from the store; answers its last state. */
export function finishRemoval(context: RegistryContext, info: ResourceInfo, object: KubeObject): KubeObject {
  const { namespace, name } = object.metadata
  context.store.remove(bucketOf(info), namespace, name, toStorage(info, object))
  strategyOf(info).afterRemove?.(object, context)
  return inVersion(info, object)
}
