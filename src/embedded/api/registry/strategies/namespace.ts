/** Namespaces: the phase follows deletion, and finalizers in the spec change through /finalize only. */
import type { Strategy } from './strategy.ts'

export const namespaceStrategy: Strategy = {
  prepareUpdate(object, old) {
    object.spec = old.spec
  },
  markDeleted(object) {
    object.status = { ...object.status, phase: 'Terminating' }
  },
}
