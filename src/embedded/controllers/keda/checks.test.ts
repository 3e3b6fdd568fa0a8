import { describe, expect, it } from 'vitest'
import { pausing } from './annotations.ts'
import { evaluateFormula } from './modifiers/formula.ts'
import { boundsError } from './replica-bounds.ts'
import { insideWindow } from './scalers/cron.ts'
import { triggerSummaries, triggersError } from './trigger-checks.ts'
import type { ScaledObjectSpec, Trigger } from './types.ts'
import { mergePatchOf } from './write-status.ts'

describe('boundsError', () => {
  const bounds = (spec: Partial<ScaledObjectSpec>) =>
    boundsError({ scaleTargetRef: { name: 'd' }, triggers: [], ...spec })

  it.each([
    [{ minReplicaCount: 5, maxReplicaCount: 3 }, 'MinReplicaCount=5 must be less than MaxReplicaCount=3'],
    [{ minReplicaCount: 3, maxReplicaCount: 3 }, undefined],
    [{ minReplicaCount: 101 }, 'MinReplicaCount=101 must be less than MaxReplicaCount=100'],
    [{ idleReplicaCount: 0 }, 'IdleReplicaCount=0 must be less than MinReplicaCount=0'],
    [{ idleReplicaCount: 0, minReplicaCount: 0 }, undefined],
    [{ idleReplicaCount: 2, minReplicaCount: 2 }, 'IdleReplicaCount=2 must be less than MinReplicaCount=2'],
  ])('%j → %s', (spec, expected) => {
    expect(bounds(spec)).toBe(expected)
  })
})

describe('triggers', () => {
  const trigger = (type: string, more: Partial<Trigger> = {}): Trigger => ({ type, metadata: {}, ...more })

  it('must be there, have unique names, and cache only what can be cached', () => {
    expect(triggersError([])).toBe('no triggers defined in the ScaledObject/ScaledJob')
    expect(triggersError([trigger('cpu', { useCachedMetrics: true })])).toBe(
      'property "useCachedMetrics" is not supported for "cpu" scaler',
    )
    expect(triggersError([trigger('cron', { name: 'x' }), trigger('cron', { name: 'x' })])).toBe(
      'triggerName "x" is defined multiple times in the ScaledObject/ScaledJob, but it must be unique',
    )
    expect(triggersError([trigger('rabbitmq', { name: 'x' }), trigger('cpu')])).toBeUndefined()
  })

  it('are summarised by type and by authentication name', () => {
    const authenticationRef = { name: 'auth' }
    expect(
      triggerSummaries([trigger('rabbitmq', { authenticationRef }), trigger('cpu'), trigger('rabbitmq')]),
    ).toEqual({ triggersTypes: 'rabbitmq,cpu', authenticationsTypes: 'auth' })
  })
})

describe('pausing', () => {
  const of = (annotations: Record<string, string>) =>
    pausing({ metadata: { name: 'x', uid: '', resourceVersion: '', creationTimestamp: '', annotations } })

  it('takes anything that is not false for true', () => {
    expect(of({ 'autoscaling.keda.sh/paused': 'maybe' }).paused).toBe(true)
    expect(of({ 'autoscaling.keda.sh/paused': 'false' }).paused).toBe(false)
    expect(of({}).paused).toBe(false)
  })

  it('pauses by paused-replicas beside paused: "false"', () => {
    const result = of({ 'autoscaling.keda.sh/paused': 'false', 'autoscaling.keda.sh/paused-replicas': '4' })
    expect(result).toMatchObject({ paused: true, pausedReplicas: '4' })
  })
})

describe('mergePatchOf', () => {
  it.each([
    [{ a: 1 }, { a: 1 }, undefined],
    [{ a: 1, b: { c: 1, d: 2 } }, { a: 1, b: { c: 2 } }, { b: { c: 2, d: null } }],
    [{ a: [1] }, { a: [2], b: undefined }, { a: [2] }],
    [{ a: 1 }, {}, { a: null }],
  ])('%j → %j', (from, to, patch) => {
    expect(mergePatchOf(from, to)).toEqual(patch)
  })
})

describe('cron window', () => {
  const inside = (iso: string) => insideWindow('Europe/London', '0 6 * * *', '0 20 * * *', Date.parse(iso))

  it('is between start and end in its own time zone', () => {
    expect(inside('2026-01-15T05:59:00Z')).toBe(false)
    expect(inside('2026-01-15T06:00:00Z')).toBe(true)
    expect(inside('2026-01-15T20:00:00Z')).toBe(false)
    expect(inside('2026-07-15T05:30:00Z')).toBe(true)
  })
})

describe('evaluateFormula', () => {
  const variables = { orders: 30, rate: 2.5 }

  it.each([
    ['orders + rate * 2', 35],
    ['(orders + 10) / 2 ** 2', 10],
    ['max(orders, rate, 40)', 40],
    ['max([orders, 3])', 30],
    ['orders > 20 && rate < 3 ? 5 : 1', 5],
    ['orders > 20 and !(rate < 3) ? 5 : -1', -1],
    ['orders % 7', 2],
  ])('%s = %d', (formula, expected) => {
    expect(evaluateFormula(formula, variables)).toBe(expected)
  })

  it.each(['orders +', 'nobody', 'orders > 1', 'launch(orders)', 'orders; rate'])('refuses %s', (formula) => {
    expect(() => evaluateFormula(formula, variables)).toThrow()
  })
})
