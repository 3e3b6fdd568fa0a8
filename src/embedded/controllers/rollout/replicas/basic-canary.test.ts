/** Replica arithmetic against the worked examples of Argo Rollouts' documentation and unit tests. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { approximateCounts } from './approximate.ts'
import { basicCanaryCounts, type Size } from './basic-canary.ts'
import { resolveLimits } from './limits.ts'

type Limit = number | string
type Row = [
  replicas: number,
  weight: number,
  surge: Limit,
  unavailable: Limit,
  /** `spec/available`, or '-' for none. */
  stable: string,
  canary: string,
  others: number,
  /** Next `stable/canary`. */
  next: string,
]

const size = (text: string): Size | undefined => {
  if (text === '-') return undefined
  const [spec, available] = text.split('/').map(Number)
  return { spec: spec!, available: available! }
}

const ROWS: Row[] = [
  [10, 100, 3, 0, '7/8', '6/3', 0, '7/6'],
  [10, 20, 2, 0, '10/10', '0/0', 0, '10/2'],
  [10, 20, '20%', 0, '10/10', '0/0', 0, '10/2'],
  [10, 20, '20%', 0, '10/10', '2/2', 0, '8/2'],
  [10, 30, 2, 0, '10/10', '0/0', 0, '10/2'],
  [10, 20, 0, 2, '10/10', '0/0', 0, '8/0'],
  [10, 20, 0, '20%', '10/10', '0/0', 0, '8/0'],
  [10, 30, 0, 2, '10/10', '0/0', 0, '8/0'],
  [10, 50, 2, 1, '10/10', '0/0', 0, '9/2'],
  [10, 0, 1, 1, '10/10', '1/1', 0, '10/0'],
  [10, 100, 1, 1, '1/1', '10/10', 0, '0/10'],
  [1, 20, 1, 0, '1/1', '0/0', 0, '1/1'],
  [1, 90, 1, 0, '1/1', '0/0', 0, '1/1'],
  [1, 49, 0, 1, '1/1', '0/0', 0, '1/0'],
  [1, 51, 0, 1, '1/1', '0/0', 0, '0/0'],
  [1, 51, 0, 1, '0/0', '0/0', 0, '0/1'],
  [10, 30, 1, 0, '1/1', '0/0', 3, '7/1'],
  [10, 30, 0, 3, '8/5', '4/4', 0, '7/3'],
  [10, 100, 1, 0, '10/2', '10/8', 0, '2/9'],
  [10, 30, 0, 1, '8/6', '4/2', 3, '8/4'],
  [10, 5, 0, 1, '10/10', '0/0', 0, '9/0'],
  [10, 5, 0, 1, '9/9', '0/0', 0, '9/1'],
  [10, 10, '0%', '0%', '10/10', '0/0', 0, '9/0'],
  [4, 100, 1, 0, '4/1', '0/0', 0, '4/1'],
  [3, 99, 0, 2, '3/3', '0/0', 0, '1/0'],
  [3, 99, 0, 2, '1/1', '0/0', 0, '1/2'],
  [4, 0, 1, 0, '0/0', '4/4', 0, '1/4'],
  [4, 0, 1, 0, '1/0', '4/4', 0, '1/4'],
  [4, 0, 1, 0, '1/1', '4/4', 0, '1/3'],
  [4, 100, 4, 4, '4/4', '0/0', 0, '0/4'],
  [4, 100, 3, 0, '4/4', '0/0', 0, '4/3'],
  [10, 10, 0, 1, '-', '10/0', 0, '0/10'],
  [10, 10, 0, 1, '-', '9/9', 0, '0/10'],
  [5, 20, '25%', '25%', '5/5', '0/0', 0, '4/1'],
  [5, 40, '25%', '25%', '4/4', '1/1', 0, '3/2'],
  [5, 100, '25%', '25%', '3/3', '2/2', 0, '2/4'],
  [5, 100, '25%', '25%', '2/2', '5/5', 0, '0/5'],
  [1, 50, '25%', '25%', '1/1', '0/0', 0, '1/1'],
  [1, 100, '25%', '25%', '1/1', '1/0', 0, '1/1'],
  [1, 100, '25%', '25%', '1/1', '1/1', 0, '0/1'],
  [1, 0, '25%', '25%', '1/1', '1/1', 0, '1/0'],
  [2, 50, '25%', '25%', '2/2', '0/0', 0, '2/1'],
  [2, 50, '25%', '25%', '2/2', '1/1', 0, '1/1'],
  [3, 33, '25%', '25%', '3/3', '0/0', 0, '3/1'],
  [4, 50, '25%', '25%', '4/4', '0/0', 0, '3/1'],
  [4, 50, '25%', '25%', '4/3', '2/0', 0, '3/2'],
  [4, 0, '25%', '25%', '2/2', '2/2', 0, '3/1'],
  [10, 50, 0, 1, '9/9', '0/0', 0, '9/1'],
  [10, 50, 0, 1, '9/9', '1/1', 0, '8/1'],
  [20, 33, '25%', '25%', '20/20', '0/0', 0, '15/5'],
]

test.each(ROWS)(
  '%i replicas at %i%%, surge %s, unavailable %s: stable %s, canary %s, others %i → %s',
  (replicas, weight, maxSurge, maxUnavailable, stable, canary, others, next) => {
    const limits = resolveLimits({ maxSurge, maxUnavailable }, replicas)
    const counts = basicCanaryCounts({
      replicas,
      weight,
      ...limits,
      stable: size(stable),
      canary: size(canary),
      others,
    })
    expect(`${counts.stable}/${counts.canary}`).toBe(next)
  },
)

/** replicas, surge, then `weight: canary/stable` for each. */
const TARGETS: [number, number, string][] = [
  [1, 0, '0: 0/1, 1: 0/1, 49: 0/1, 50: 1/0, 99: 1/0, 100: 1/0'],
  [1, 1, '0: 0/1, 1: 1/1, 49: 1/1, 50: 1/1, 99: 1/1, 100: 1/0'],
  [2, 0, '0: 0/2, 1: 1/1, 50: 1/1, 99: 1/1, 100: 2/0'],
  [2, 1, '0: 0/2, 1: 1/2, 50: 1/1, 99: 2/1, 100: 2/0'],
  [3, 0, '10: 1/2, 25: 1/2, 33: 1/2, 34: 1/2, 49: 1/2, 50: 2/1'],
  [3, 1, '10: 1/3, 25: 1/3, 33: 1/2, 34: 1/2, 49: 2/2, 50: 2/2'],
  [10, 0, '1: 1/9, 14: 1/9, 15: 2/8, 16: 2/8, 99: 9/1'],
  [10, 1, '0: 0/10, 1: 1/10, 18: 2/9, 19: 2/9, 20: 2/8, 23: 2/8, 24: 3/8, 25: 3/8, 99: 10/1, 100: 10/0'],
]

test.each(
  TARGETS.flatMap(([replicas, surge, list]) =>
    list
      .split(', ')
      .map((item) => [replicas, surge, ...item.split(': ')] as [number, number, string, string]),
  ),
)('of %i replicas with surge %i, weight %s is %s', (replicas, surge, weight, expected) => {
  const { canary, stable } = approximateCounts(replicas, Number(weight), surge)
  expect(`${canary}/${stable}`).toBe(expected)
})

test.each([
  [1, 1, 0],
  [3, 1, 0],
  [4, 1, 1],
  [6, 2, 1],
  [8, 2, 2],
  [10, 3, 2],
  [20, 5, 5],
])(
  '%i replicas have a surge of %i and an unavailability of %i by default',
  (replicas, surge, unavailable) => {
    expect(resolveLimits({}, replicas)).toEqual({ surge, unavailable })
  },
)

test('a limit without a percent sign is a percentage all the same', () => {
  expect(resolveLimits({ maxSurge: '25', maxUnavailable: 0 }, 10)).toEqual({ surge: 3, unavailable: 0 })
})

/** Every pod that is asked for is there at once: the sizes after each pass, as `stable,canary`. */
function passes(replicas: number, weight: number, start: string): string[] {
  let [stable, canary] = start.split(',').map(Number) as [number, number]
  const seen = [start]
  for (;;) {
    const counts = basicCanaryCounts({
      replicas,
      weight,
      ...resolveLimits({}, replicas),
      stable: { spec: stable, available: stable },
      canary: { spec: canary, available: canary },
      others: 0,
    })
    // One ReplicaSet a pass, the stable one first.
    if (counts.stable !== stable) stable = counts.stable
    else if (counts.canary !== canary) canary = counts.canary
    else return seen
    seen.push(`${stable},${canary}`)
  }
}

test.each([
  [5, 20, ['5,0', '4,0', '4,1']],
  [5, 40, ['4,1', '3,1', '3,2']],
  [1, 50, ['1,0', '1,1']],
  [1, 100, ['1,1', '0,1']],
  [1, 0, ['1,1', '1,0']],
  [4, 0, ['2,2', '3,2', '3,0', '4,0']],
])('%i replicas walk to %i%% as %j', (replicas, weight, walk) => {
  expect(passes(replicas, weight, walk[0]!)).toEqual(walk)
})

describe('whatever the state', () => {
  const state = fc.record({
    replicas: fc.integer({ min: 1, max: 20 }),
    weight: fc.integer({ min: 0, max: 100 }),
    surge: fc.integer({ min: 0, max: 5 }),
    unavailable: fc.integer({ min: 0, max: 5 }),
    stable: fc.integer({ min: 0, max: 20 }),
    canary: fc.integer({ min: 0, max: 20 }),
    ready: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  })

  it('one pass never takes available pods below the minimum, nor asks for more than the limit', () => {
    fc.assert(
      fc.property(state, ({ replicas, weight, stable, canary, ready, ...limits }) => {
        const unavailable =
          limits.surge + limits.unavailable === 0 ? 1 : Math.min(limits.unavailable, replicas)
        const sizes = {
          stable: { spec: stable, available: Math.floor(stable * ready[0]) },
          canary: { spec: canary, available: Math.floor(canary * ready[1]) },
        }
        const counts = basicCanaryCounts({
          replicas,
          weight,
          surge: limits.surge,
          unavailable,
          ...sizes,
          others: 0,
        })
        const before = sizes.stable.available + sizes.canary.available
        // Pods that are not available are deleted first.
        const after =
          Math.min(sizes.stable.available, counts.stable) + Math.min(sizes.canary.available, counts.canary)
        expect(after).toBeGreaterThanOrEqual(Math.min(before, replicas - unavailable))
        const limit = replicas + limits.surge
        if (counts.stable + counts.canary > limit) {
          expect(counts.stable + counts.canary).toBeLessThanOrEqual(stable + canary)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
