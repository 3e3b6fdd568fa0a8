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
