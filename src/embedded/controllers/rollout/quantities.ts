/** Quantities of a Rollout that are none: its definition lets anything stand there. */
import { isQuantity } from '../../../lib/quantity.ts'
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { compact } from '../shared/json.ts'
import { ROLLOUTS } from './names.ts'

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const

/**
 * Zero for every quantity that is none, as upstream has it. Written back, because clients that are compiled
 * (the kubectl plugin) cannot list Rollouts while one of them holds such a thing. None when all are readable.
 */
export function mendQuantities({ metadata, spec }: KubeObject): Change[] {
  const pods = spec?.template?.spec
  if (!pods || !LISTS.some((list) => (pods[list] ?? []).some(isUnreadable))) return []
  const lists = structuredClone(Object.fromEntries(LISTS.map((list) => [list, pods[list]])))
  for (const quantities of Object.values(lists).flatMap((containers) =>
    (containers ?? []).flatMap(quantitiesOf),
  )) {
    for (const [name, value] of Object.entries(quantities))
      if (!isQuantity(String(value))) quantities[name] = '0'
  }
  const { namespace, name } = metadata
  const patch = { spec: { template: { spec: compact(lists) } } }
  return [{ verb: 'patch', resource: ROLLOUTS, namespace, name, patch }]
}

function isUnreadable(container: any): boolean {
  return quantitiesOf(container).some((quantities) =>
    Object.values(quantities).some((value) => !isQuantity(String(value))),
  )
}

function quantitiesOf({ resources }: any): Record<string, unknown>[] {
  return [resources?.limits, resources?.requests].filter((one) => typeof one === 'object' && one !== null)
}
