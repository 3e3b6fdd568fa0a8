/** Reads a Rollout as leniently as upstream does: its definition lets anything stand for a quantity. */
import { isQuantity } from '../../../lib/quantity.ts'
import type { KubeObject } from '../../objects.ts'

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const

/** The Rollout with zero for every quantity that is none; itself when there is nothing to mend. */
export function withReadableQuantities(rollout: KubeObject): KubeObject {
  const spec = rollout.spec?.template?.spec
  if (!spec || !LISTS.some((list) => (spec[list] ?? []).some(isUnreadable))) return rollout
  const copy = structuredClone(rollout)
  for (const quantities of LISTS.flatMap((list) =>
    (copy.spec.template.spec[list] ?? []).flatMap(quantitiesOf),
  )) {
    for (const [name, value] of Object.entries(quantities))
      if (!isQuantity(String(value))) quantities[name] = '0'
  }
  return copy
}

function isUnreadable(container: any): boolean {
  return quantitiesOf(container).some((quantities) =>
    Object.values(quantities).some((value) => !isQuantity(String(value))),
  )
}

function quantitiesOf({ resources }: any): Record<string, unknown>[] {
  return [resources?.limits, resources?.requests].filter((one) => typeof one === 'object' && one !== null)
}
