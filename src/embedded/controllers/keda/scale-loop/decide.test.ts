import { describe, expect, it } from 'vitest'
import { countReading } from '../fallback.ts'
import type { Fallback } from '../types.ts'
import { decide } from './decide.ts'

const NOW = Date.UTC(2026, 0, 1, 12)

/** One row of the worked examples: what the trigger says, where the target is, what must come of it. */
interface Example {
  nr: number
  /** Messages that the metric counts; undefined = the broker refuses. */
  metric?: number | undefined
  /** Further triggers of the same ScaledObject that fail. */
  failing?: boolean
  activation?: number
  current: number
  min?: number
  max?: number
  /** Seconds since lastActiveTime; undefined = never active. */
  idle?: number | undefined
  /** Seconds since creation. */
  age?: number
  initialCooldown?: number
  idleReplicas?: number
  fallback?: Fallback
  /** Failures before this one. */
  failures?: number
  expected: { active: string; ready?: string; to?: number; touched?: boolean }
}

const examples: Example[] = [
  { nr: 1, metric: 0, current: 0, min: 0, expected: { active: 'ScalerNotActive' } },
  { nr: 2, metric: 1, current: 0, min: 0, expected: { active: 'ScalerActive', to: 1, touched: true } },
  {
    nr: 3,
    metric: 50,
    current: 0,
    min: 0,
    idle: 900,
    expected: { active: 'ScalerActive', to: 1, touched: true },
  },
  {
    nr: 4,
    metric: 500,
    current: 0,
    min: 0,
    idle: 900,
    expected: { active: 'ScalerActive', to: 1, touched: true },
  },
  {
    nr: 5,
    metric: 7,
    current: 0,
    min: 0,
    idle: 900,
    expected: { active: 'ScalerActive', to: 1, touched: true },
  },
  { nr: 5.1, metric: 0, current: 0, min: 0, idle: 900, expected: { active: 'ScalerNotActive' } },
  { nr: 6, metric: 5, activation: 5, current: 0, min: 0, idle: 900, expected: { active: 'ScalerNotActive' } },
  {
    nr: 7,
    metric: 40,
    activation: 50,
    current: 4,
    min: 0,
    idle: 400,
    expected: { active: 'ScalerNotActive', to: 0 },
  },
  { nr: 8, metric: 0, current: 3, min: 0, idle: 120, expected: { active: 'ScalerCooldown' } },
  { nr: 9, metric: 0, current: 1, min: 0, idle: 300, expected: { active: 'ScalerCooldown' } },
  { nr: 10, metric: 0, current: 1, min: 0, idle: 301, expected: { active: 'ScalerNotActive', to: 0 } },
  { nr: 11, metric: 0, current: 3, min: 0, age: 10, expected: { active: 'ScalerNotActive', to: 0 } },
  {
    nr: 12,
    metric: 0,
    current: 3,
    min: 0,
    age: 10,
    initialCooldown: 120,
    expected: { active: 'ScalerCooldown' },
  },
  { nr: 13, metric: 0, current: 1, min: 2, idle: 900, expected: { active: 'ScalerNotActive', to: 2 } },
  { nr: 14, metric: 0, current: 5, min: 2, idle: 900, expected: { active: 'ScalerNotActive' } },
  { nr: 15, metric: 32, current: 3, min: 0, idle: 0, expected: { active: 'ScalerActive', touched: true } },
  { nr: 16, metric: 34, current: 3, min: 0, idle: 0, expected: { active: 'ScalerActive', touched: true } },
  {
    nr: 17,
    metric: 105,
    current: 5,
    min: 1,
    max: 8,
    idle: 0,
    expected: { active: 'ScalerActive', touched: true },
  },
  {
    nr: 18,
    metric: 1,
    current: 0,
    min: 5,
    max: 20,
    idle: 900,
    idleReplicas: 0,
    expected: { active: 'ScalerActive', to: 5, touched: true },
  },
  {
    nr: 19,
    metric: 0,
    current: 5,
    min: 5,
    max: 20,
    idle: 301,
    idleReplicas: 0,
    expected: { active: 'ScalerNotActive', to: 0 },
  },
  { nr: 20, metric: 60, current: 4, min: 0, idle: 0, expected: { active: 'ScalerActive', touched: true } },
  { nr: 21, current: 4, min: 0, idle: 900, expected: { active: 'ScalerNotActive', ready: 'TriggerError' } },
  {
    nr: 22,
    current: 0,
    min: 0,
    idle: 900,
    fallback: { failureThreshold: 3, replicas: 6 },
    failures: 2,
    expected: { active: 'ScalerNotActive' },
  },
  {
    nr: 23,
    current: 0,
    min: 0,
    idle: 900,
    fallback: { failureThreshold: 3, replicas: 6 },
    failures: 3,
    expected: { active: 'ScalerActive', to: 1, touched: true },
  },
  {
    nr: 24,
    current: 2,
    min: 0,
    idle: 301,
    fallback: { failureThreshold: 3, replicas: 0 },
    failures: 2,
    expected: { active: 'ScalerNotActive', to: 0 },
  },
  {
    nr: 24.1,
    current: 0,
    min: 0,
    idle: 301,
    fallback: { failureThreshold: 3, replicas: 0 },
    failures: 3,
    expected: { active: 'ScalerActive', to: 1, touched: true },
  },
  {
    nr: 25,
    metric: 30,
    failing: true,
    current: 2,
    min: 0,
    idle: 200,
    expected: { active: 'ScalerActive', ready: 'PartialTriggerError' },
  },
  { nr: 26, metric: 9, current: 12, min: 0, idle: 0, expected: { active: 'ScalerActive', touched: true } },
]

function run(example: Example) {
  const failed = example.metric === undefined
  const standIn =
    example.fallback &&
    countReading({
      fallback: example.fallback,
      metricType: 'AverageValue',
      target: 20,
      health: { numberOfFailures: example.failures ?? 0, status: 'Failing' },
      failed,
      current: example.current,
      readyPods: example.current,
    }).value
  return decide({
    spec: {
      scaleTargetRef: { name: 'd' },
      triggers: [],
      minReplicaCount: example.min ?? 0,
      maxReplicaCount: example.max ?? 10,
      ...(example.idleReplicas === undefined ? {} : { idleReplicaCount: example.idleReplicas }),
      ...(example.initialCooldown ? { initialCooldownPeriod: example.initialCooldown } : {}),
      ...(example.fallback ? { fallback: example.fallback } : {}),
    },
    pausing: notPaused,
    nowMs: NOW,
    createdMs: NOW - (example.age ?? 3600) * 1000,
    lastActiveMs: example.idle === undefined ? undefined : NOW - example.idle * 1000,
    current: example.current,
    active: failed ? standIn !== undefined : example.metric! > (example.activation ?? 0),
    error: (failed && standIn === undefined) || example.failing === true,
  })
}

const notPaused = {
  paused: false,
  pausedReplicas: undefined,
  pausedScaleIn: false,
  pausedScaleOut: false,
  forceActivation: false,
}

const reason = (decision: ReturnType<typeof decide>, type: string) =>
  decision.conditions.find((condition) => condition.type === type)?.reason

describe('decide', () => {
  it.each(examples)('worked example $nr', (example) => {
    const decision = run(example)
    const { active, ready = 'ScaledObjectReady', to, touched = false } = example.expected
    expect(reason(decision, 'Active')).toBe(active)
    expect(reason(decision, 'Ready')).toBe(ready)
    expect(decision.scale?.to).toBe(to)
    expect(decision.touch).toBe(touched)
  })

  const base = {
    spec: { scaleTargetRef: { name: 'd' }, triggers: [], minReplicaCount: 0, maxReplicaCount: 10 },
    pausing: notPaused,
    nowMs: NOW,
    createdMs: NOW - 3_600_000,
    lastActiveMs: NOW - 3_600_000,
    current: 3,
    active: false,
    error: false,
  }

  it('27: does nothing while paused', () => {
    const decision = decide({ ...base, active: true, current: 0, pausing: { ...notPaused, paused: true } })
    expect(decision).toMatchObject({ touch: false })
    expect(decision.scale).toBeUndefined()
    expect(reason(decision, 'Paused')).toBe('ScaledObjectPaused')
    expect(reason(decision, 'Active')).toBeUndefined()
  })

  it('does not scale in with paused-scale-in, nor activate with paused-scale-out', () => {
    expect(decide({ ...base, pausing: { ...notPaused, pausedScaleIn: true } }).scale).toBeUndefined()
    const out = { ...notPaused, pausedScaleOut: true }
    const decision = decide({ ...base, active: true, current: 0, pausing: out })
    expect(decision.scale).toBeUndefined()
    expect(decision.touch).toBe(false)
  })

  it('activates by annotation', () => {
    const decision = decide({ ...base, current: 0, pausing: { ...notPaused, forceActivation: true } })
    expect(decision.scale).toEqual({ to: 1, why: 'activate' })
    expect(decision.conditions[1]?.message).toBe(
      'Scaling is performed because activation is being forced by annotation',
    )
  })

  it('stops when the replicas cannot be read', () => {
    const decision = decide({ ...base, current: { error: 'gone' } })
    expect(decision.conditions).toEqual([
      {
        type: 'Ready',
        status: 'False',
        reason: 'ErrorGettingCurrentReplicas',
        message: 'Error getting current replicas count for ScaleTarget: gone',
      },
    ])
  })
})
