/** DaemonSets: an annotation counts the changes of the template, as the type once did in a field. */
import type { KubeObject } from '../../../objects.ts'
import { equal } from '../../../store/json.ts'
import type { Strategy } from './strategy.ts'

const GENERATION = 'deprecated.daemonset.template.generation'

function count(object: KubeObject, generation: number): void {
  object.metadata.annotations = { ...object.metadata.annotations, [GENERATION]: String(generation) }
}

export const daemonSetStrategy: Strategy = {
  prepareCreate: (object) => count(object, 1),
  prepareUpdate(object, old, { catalog }) {
    const before = Number(old.metadata.annotations?.[GENERATION]) || 0
    const info = catalog.findKind('apps', undefined, 'DaemonSet')
    const { template } = info ? catalog.stored(info, object).spec : object.spec
    count(object, equal(template, old.spec.template) ? before : before + 1)
  },
}
