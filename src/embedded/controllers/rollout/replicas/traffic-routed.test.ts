import { expect, test } from 'vitest'
import { type RoutedCanary, trafficRoutedCounts } from './traffic-routed.ts'

const weights = (canary: number) => ({ canary: { weight: canary }, stable: { weight: 100 - canary } })

/** Of 10 replicas, as `canary/stable`. */
test.each([
  ['the stable side stays at full size', { weight: 25 }, '3/10'],
  ['setCanaryScale counts pods', { weight: 25, canaryReplicas: 7 }, '7/10'],
  ['the smallest size holds for sides that have pods', { weight: 5, minPods: 2 }, '2/10'],
  ['weights are parts of maxTrafficWeight', { weight: 500, maxWeight: 1000 }, '5/10'],
  [
    'stable keeps the pods for the traffic it has',
    { weight: 60, dynamicStableScale: true, weights: weights(20) },
    '6/8',
  ],
  [
    'stable shrinks once traffic has left',
    { weight: 60, dynamicStableScale: true, weights: weights(60) },
    '6/4',
  ],
  [
    'stable stays whole beside pods that a step counts',
    { weight: 60, canaryReplicas: 2, dynamicStableScale: true, weights: weights(60) },
    '2/10',
  ],
  [
    'stable grows before traffic comes back',
    { weight: 20, dynamicStableScale: true, weights: weights(60) },
    '2/8',
  ],
  [
    'an aborted canary keeps the pods for the traffic it has',
    { weight: 0, dynamicStableScale: true, aborted: true, weights: weights(60) },
    '6/10',
  ],
] as [string, Partial<RoutedCanary>, string][])('%s', (_rule, input, expected) => {
  const { canary, stable } = trafficRoutedCounts({
    replicas: 10,
    weight: 0,
    maxWeight: 100,
    canaryReplicas: undefined,
    dynamicStableScale: false,
    aborted: false,
    minPods: 0,
    weights: undefined,
    ...input,
  })
  expect(`${canary}/${stable}`).toBe(expected)
})
