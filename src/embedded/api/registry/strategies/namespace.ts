/** Namespaces: the phase follows deletion, and finalizers in the spec change through /finalize only. */
import type { Strategy } from './strategy.ts'

export const namespaceStrategy: Strategy = {
  prepareCreate(object) {
    if (!object.spec.finalizers?.length) object.spec.finalizers = ['kubernetes']
  },
  prepareUpdate(object, old) {
    object.spec = old.spec
  },
  markDeleted(object) {
    object.status = { ...object.status, phase: 'Terminating' }
  },
}
