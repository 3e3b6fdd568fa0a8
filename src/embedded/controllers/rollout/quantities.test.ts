import { expect, it } from 'vitest'
import { stored } from '../testing/builders.ts'
import { mendQuantities } from './quantities.ts'

const rollout = (requests: unknown) =>
  stored('argoproj.io/v1alpha1', 'Rollout', 'api', {
    spec: { template: { spec: { containers: [{ name: 'a', resources: { requests } }, { name: 'b' }] } } },
  })

it('takes what is no quantity for zero, and leaves everything else as it is', () => {
  expect(mendQuantities(rollout({ memory: 'plenty', cpu: 0.5 }))).toMatchObject([
    {
      verb: 'patch',
      name: 'api',
      patch: {
        spec: {
          template: {
            spec: {
              containers: [{ name: 'a', resources: { requests: { memory: '0', cpu: 0.5 } } }, { name: 'b' }],
            },
          },
        },
      },
    },
  ])
  expect(mendQuantities(rollout({ memory: '16Mi', cpu: '1e2' }))).toEqual([])
})
