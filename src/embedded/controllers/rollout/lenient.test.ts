import { expect, it } from 'vitest'
import { stored } from '../testing/builders.ts'
import { withReadableQuantities } from './lenient.ts'

const rollout = (requests: unknown) =>
  stored('argoproj.io/v1alpha1', 'Rollout', 'api', {
    spec: { template: { spec: { containers: [{ name: 'a', resources: { requests } }, { name: 'b' }] } } },
  })

it('takes what is no quantity for zero, and leaves everything else as it is', () => {
  const bad = withReadableQuantities(rollout({ memory: 'plenty', cpu: 0.5 }))
  expect(bad.spec.template.spec.containers[0].resources.requests).toEqual({ memory: '0', cpu: 0.5 })
  const good = rollout({ memory: '16Mi', cpu: '1e2' })
  expect(withReadableQuantities(good)).toBe(good)
})
