import { describe, expect, it } from 'vitest'
import type { QueueReport } from '../../load/report.ts'
import { boundsOf } from '../bounds.ts'
import type { Evidence } from '../report.ts'
import { assertDrained, assertRedelivery } from './delivery.ts'
import { assertDrift } from './drift.ts'
import { assertBadRelease, assertPromotion } from './release.ts'
import { assertRotation } from './rotation.ts'
import { assertRest, assertScaleIn, assertScaleOut } from './scaling.ts'

const scaledObject = (spec: object) => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 's' },
  spec,
})
const FAST = boundsOf(
  scaledObject({
    pollingInterval: 1,
    cooldownPeriod: 5,
    maxReplicaCount: 5,
    advanced: {
      horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 3 } } },
    },
  }),
)

const queue = (changes: Partial<QueueReport> = {}): QueueReport => ({
  published: 20,
  confirmed: 20,
  replied: 20,
  lost: 0,
  unanswered: 0,
  errors: 0,
  duplicates: 0,
  returned: 0,
  failed: 0,
  republished: 0,
  republishDuplicates: 0,
  latencyMs: null,
  queueWaitMs: null,
  serviceMs: null,
  meanTimesMs: null,
  latenessMs: null,
  replicas: {
    peak: 5,
    peakDesired: 5,
    timeToFirstMs: 2_000,
    timeToPeakMs: 3_000,
    timeToZeroMs: 30_000,
    drainToZeroMs: 6_000,
  },
  ...changes,
})

/** Texts of the checks that do not hold. */
const broken = ({ checks }: Evidence) => checks.filter(({ ok }) => !ok).map(({ text }) => text)

describe('boundsOf', () => {
  it('adds up what the autoscaler says', () => {
    expect(FAST).toEqual({ max: 5, firstWorkerMs: 11_000, peakMs: 26_000, zeroMs: 34_000, tolerance: 1 })
  })

  it('takes the defaults of KEDA and the HPA for what is not said', () => {
    expect(boundsOf(scaledObject({}), 2)).toMatchObject({
      max: 100,
      firstWorkerMs: 80_000,
      zeroMs: 1_310_000,
    })
  })
})

describe('scaling', () => {
  it('at rest: nobody above the floor, nothing queued', () => {
    const worker = { name: 'w', desired: 0, current: 0, floor: 0 }
    expect(broken(assertRest([worker], 0))).toEqual([])
    expect(broken(assertRest([{ ...worker, current: 1 }], 3))).toEqual([
      'w rests at 0',
      'the queues are empty',
    ])
  })

  it('out: all workers, in time', () => {
    const { replicas } = queue()
    expect(broken(assertScaleOut(replicas, FAST))).toEqual([])
    expect(broken(assertScaleOut({ ...replicas, timeToFirstMs: 11_001 }, FAST))).toHaveLength(1)
    const short = assertScaleOut({ ...replicas, peak: 4 }, FAST)
    expect(broken(short)).toEqual(['5 workers at the peak', 'the peak is there within 26.0 s'])
    expect(short.measures!.map(({ id }) => id)).toEqual(['first-worker'])
  })

  it('in: back within window and cooldown', () => {
    const { replicas } = queue()
    expect(broken(assertScaleIn(replicas, FAST))).toEqual([])
    expect(broken(assertScaleIn({ ...replicas, drainToZeroMs: null }, FAST))).toHaveLength(1)
  })
})

describe('delivery', () => {
  it.each([
    [{ replied: 19, lost: 1 }, 2],
    [{ duplicates: 1 }, 1],
    [{ errors: 1 }, 1],
    [{ published: 0, replied: 0 }, 1],
  ])('%j is not drained', (changes, count) => {
    expect(broken(assertDrained(queue(changes)))).toHaveLength(count)
  })

  it('a killed worker: its task again, at most one twice', () => {
    const kill = { pod: 'p', redeliveredBefore: 4, redeliveredAfter: 5, replacedMs: 900 }
    expect(broken(assertRedelivery(queue({ duplicates: 1 }), kill))).toEqual([])
    expect(broken(assertRedelivery(queue({ duplicates: 2 }), kill))).toHaveLength(1)
    expect(
      broken(assertRedelivery(queue(), { ...kill, redeliveredAfter: 4, replacedMs: null })),
    ).toHaveLength(2)
  })
})

describe('release', () => {
  const promotion = {
    tag: 'b',
    previous: 'a',
    answeredBy: ['a', 'b'],
    pausedAt: [20, 50],
    phase: 'Healthy',
    stableTag: 'b',
    tookMs: 9_000,
  }

  it('promoted: paused, both served, stable, no error', () => {
    expect(broken(assertPromotion(promotion, queue()))).toEqual([])
    expect(broken(assertPromotion({ ...promotion, answeredBy: undefined }, queue()))).toEqual([])
    expect(
      broken(assertPromotion({ ...promotion, pausedAt: [], answeredBy: ['b'], stableTag: 'a' }, queue())),
    ).toHaveLength(3)
  })

  it.each([{ errors: 1 }, { failed: 1, replied: 19 }, { replied: 19 }, { published: 0, replied: 0 }])(
    'no error rate of 0 with %j',
    (changes) => {
      expect(broken(assertPromotion(promotion, queue(changes)))).toEqual(['error rate 0'])
    },
  )

  it('a bad release reaches nobody', () => {
    const bad = {
      tag: 'bad',
      previous: 'a',
      stableLeast: 1,
      stableWanted: 1,
      badReady: 0,
      abortedAs: 'Degraded: RolloutAborted',
      goneMs: 300,
      phase: 'Healthy',
      stableTag: 'a',
    }
    expect(broken(assertBadRelease(bad, queue()))).toEqual([])
    expect(broken(assertBadRelease({ ...bad, stableLeast: 0, badReady: 1 }, queue()))).toHaveLength(2)
    expect(
      broken(assertBadRelease({ ...bad, abortedAs: 'Healthy: ', phase: 'Degraded' }, queue())),
    ).toHaveLength(2)
  })
})

it('a rotation: Secret, broker, KEDA, messages', () => {
  const rotation = {
    stages: [],
    tookMs: 4_000,
    secretChanged: true,
    oldRefused: true,
    refusals: 1,
    nudged: false,
    peak: 3,
  }
  expect(broken(assertRotation(rotation, queue()))).toEqual([])
  expect(
    broken(
      assertRotation({ ...rotation, secretChanged: false, oldRefused: false, peak: 0 }, queue({ lost: 1 })),
    ),
  ).toHaveLength(4)
})

it('drift: healed in time, replicas untouched', () => {
  const drift = { what: 'x', healedMs: 200, replicasBefore: 5, replicasLeast: 5, sync: 'Synced' }
  expect(broken(assertDrift(drift, FAST))).toEqual([])
  expect(
    broken(assertDrift({ ...drift, healedMs: 30_001, replicasLeast: 0, sync: 'OutOfSync' }, FAST)),
  ).toHaveLength(3)
})
