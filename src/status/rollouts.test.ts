import { expect, test } from 'vitest'
import { canaryOf, whyRollout } from './rollouts.ts'
import { object } from './testing-objects.ts'

const steps = [
  { setWeight: 20 },
  { pause: { duration: '2m' } },
  { setWeight: 50 },
  { pause: {} },
  { setWeight: 100 },
]
const rollout = (status: object) => object('Rollout', 'core-api', { strategy: { canary: { steps } } }, status)

test.each([
  [
    { phase: 'Healthy', currentStepIndex: 5 },
    { step: 5, weight: 100 },
  ],
  [
    { phase: 'Progressing', currentStepIndex: 0 },
    { step: 0, weight: 0 },
  ],
  [
    { phase: 'Paused', currentStepIndex: 1 },
    { step: 1, weight: 20 },
  ],
  [
    { phase: 'Paused', currentStepIndex: 3 },
    { step: 3, weight: 50 },
  ],
  [
    { phase: 'Degraded', currentStepIndex: 0, abort: true },
    { step: 0, weight: 0, message: 'aborted: all traffic on the stable version' },
  ],
  [
    { phase: 'Healthy', stableRS: 'a', currentPodHash: 'a' },
    { step: 5, weight: 100 },
  ],
])('status %j is %j', (status, expected) => {
  expect(canaryOf(rollout(status))).toMatchObject({ ...expected, steps: 5, phase: status.phase })
})

test('a healthy one is stable, an aborted one says so', () => {
  expect(whyRollout(rollout({ phase: 'Healthy', currentStepIndex: 5 }))).toBe('stable')
  expect(whyRollout(rollout({ phase: 'Degraded', abort: true }))).toMatch(/^degraded: aborted/)
})
