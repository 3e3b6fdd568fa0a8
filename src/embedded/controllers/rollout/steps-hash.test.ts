import { expect, test } from 'vitest'
import { stepsHash } from './steps-hash.ts'
import type { CanaryStep } from './types.ts'

/** Values that Argo Rollouts' own tests expect. */
test.each([
  [[], '5ffbfbbd64'],
  [[{ pause: {} }], '6b9b86fbd5'],
  [[{ pause: {} }, { pause: {} }], '79c9b9f6bf'],
] as [CanaryStep[], string][])('%j', (steps, hash) => {
  expect(stepsHash(steps)).toBe(hash)
})
