/** What the package's types do not tell of Argo Rollouts 1.9's CustomResourceDefinitions: bounds, defaults, rules. */
import type { Refinements } from './fragments.ts'

export const ROLLOUTS: Refinements = {
  DatadogMetric: {
    apiVersion: { default: 'v1' },
    interval: { default: '5m' },
  },
  RolloutSpec: {
    selector: {
      'x-kubernetes-validations': [{ message: '.spec.selector is immutable', rule: 'self == oldSelf' }],
    },
  },
}

/**
 * Quantities of containers and all of the volumes are left open by these definitions, so that a number is
 * taken where a text would do (`cpu: 0.5`).
 */
export function openPodSpec(path: string): string[] {
  const lists = ['containers', 'initContainers', 'ephemeralContainers']
  const quantities = lists.flatMap((list) => [`${list}[].resources.limits`, `${list}[].resources.requests`])
  return [...quantities, 'volumes'].map((field) => `${path}.${field}`)
}
