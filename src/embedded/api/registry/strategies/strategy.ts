/** What a type's writes do beyond the common rules: upstream's registry strategies and admission plug-ins. */
import type { KubeObject } from '../../../objects.ts'
import type { RegistryContext } from '../context.ts'

export interface Strategy {
  /** Keeps the status that a create brings along. */
  keepsStatusOnCreate?: boolean
  /** A PUT on a name that does not exist creates it. */
  createOnUpdate?: boolean
  /** Writes of /status may change annotations. */
  annotatedByStatus?: boolean
  /** Deletion without a policy leaves dependents behind. */
  orphansByDefault?: boolean
  /** Finalizers that a deletion adds. */
  finalizersOnDelete?: string[]
  /** Completes a new object in place, after defaults and server-set metadata. */
  prepareCreate?(object: KubeObject, context: RegistryContext): void
  /** Completes an updated object in place. */
  prepareUpdate?(object: KubeObject, old: KubeObject, context: RegistryContext): void
  /** Just before the object is stored, not on dry runs: side effects that may still refuse it. */
  beforeStore?(object: KubeObject, old: KubeObject | undefined, context: RegistryContext): void
  /** After the object is gone. */
  afterRemove?(object: KubeObject, context: RegistryContext): void
  /** What a deletion that does not remove the object changes beside its metadata. */
  markDeleted?(object: KubeObject): void
}
