import { describe, expect, it } from 'vitest'
import { countReading, type FallbackInput } from './fallback.ts'

const input: FallbackInput = {
  fallback: { failureThreshold: 3, replicas: 6 },
  metricType: 'AverageValue',
  target: 20,
  health: { numberOfFailures: 3, status: 'Failing' },
  failed: true,
  current: 4,
  readyPods: 2,
}

describe('countReading', () => {
  it('counts up to the threshold without a value', () => {
    expect(countReading({ ...input, health: undefined })).toEqual({
      health: { numberOfFailures: 1, status: 'Failing' },
    })
    expect(
      countReading({ ...input, health: { numberOfFailures: 2, status: 'Failing' } }).value,
    ).toBeUndefined()
  })

  it('starts over after a success', () => {
    expect(countReading({ ...input, failed: false })).toEqual({
      health: { numberOfFailures: 0, status: 'Happy' },
    })
  })

  it.each([
    [undefined, 120],
    ['currentReplicas', 80],
    ['currentReplicasIfHigher', 120],
    ['currentReplicasIfLower', 80],
  ] as const)('answers target × replicas above the threshold: %s', (behavior, value) => {
    const fallback = { ...input.fallback, ...(behavior ? { behavior } : {}) }
    expect(countReading({ ...input, fallback }).value).toBe(value)
  })

  it('divides a Value target by the ready pods, and has none without pods', () => {
    expect(countReading({ ...input, metricType: 'Value' }).value).toBe(60)
    expect(countReading({ ...input, metricType: 'Value', readyPods: 0 }).value).toBeUndefined()
  })
})
