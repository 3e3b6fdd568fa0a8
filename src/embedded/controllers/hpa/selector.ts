/** The pods of an HPA's target, where its selector is usable and nobody else's. */

import { messageOf } from '../../../lib/errors.ts'
import type { Client, Scale } from '../../client.ts'
import { type KubeObject, keyOf } from '../../objects.ts'
import { matchesLabels, parseLabelSelector } from '../../selectors.ts'
import { PODS } from '../shared/resources.ts'
import type { HpaInput, SelectorProblem } from './reconcile.ts'

/** `selectors` are those of every HPA seen so far, by key: two that see the same pod are both ambiguous. */
export function podsOfScale(
  client: Client,
  hpa: KubeObject,
  { selector }: Scale,
  selectors: Map<string, string>,
): HpaInput['pods'] {
  if (!selector) {
    return {
      reason: 'InvalidSelector',
      message: "the HPA target's scale is missing a selector",
      eventReason: 'SelectorRequired',
      eventMessage: 'selector is required',
    }
  }
  try {
    parseLabelSelector(selector)
  } catch (thrown) {
    const message = `couldn't convert selector into a corresponding internal selector object: ${messageOf(thrown)}`
    return problem('InvalidSelector', message)
  }
  const { namespace } = hpa.metadata
  const pods = client.list(PODS, { namespace, labelSelector: selector })
  const rivals = [...selectors]
    .filter(
      ([key, other]) =>
        key.startsWith(`${namespace}/`) && pods.some((pod) => matchesLabels(other, pod.metadata.labels)),
    )
    .map(([key]) => key)
  const all = [...new Set([keyOf(hpa), ...rivals])].sort()
  if (all.length === 1) return pods
  const message = `pods by selector ${selector} are controlled by multiple HPAs: [${all.join(' ')}]`
  return problem('AmbiguousSelector', message)
}

function problem(reason: string, message: string): SelectorProblem {
  return { reason, message, eventReason: reason, eventMessage: message }
}
