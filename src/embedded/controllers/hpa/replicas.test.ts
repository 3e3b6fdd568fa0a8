/** The worked examples of the real replica calculator's own tests: pods and metrics in, replicas out. */
import { describe, expect, it } from 'vitest'
import { milliValue } from '../../../lib/quantity.ts'
import { podStatus, stored } from '../testing/builders.ts'
import { averageReplicas, type PodReplicasInput, utilizationReplicas } from './pod-replicas.ts'
import { podRequests } from './requests.ts'
import type { PodMetrics } from './sources.ts'
import { averageValueReplicas, valueReplicas } from './total-replicas.ts'

const NOW = Date.parse('2026-01-01T12:00:00Z')
const ago = (ms: number) => new Date(NOW - ms).toISOString()
type State = 'ready' | 'unready' | 'pending' | 'failed' | 'deleted' | 'starting'

function pods(states: State[], requests: number[]) {
  return states.map((state, at) => {
    const half = `${requests[at]! / 2}m`
    const container = (name: string) => ({ name, resources: { requests: { cpu: half } } })
    const started = ago(state === 'starting' ? 30_000 : 3_600_000)
    const ready = ['ready', 'failed', 'deleted', 'starting'].includes(state)
    const phase = state === 'pending' ? 'Pending' : state === 'failed' ? 'Failed' : 'Running'
    // An unready pod is one that never was ready: its condition dates from its start.
    const since = state === 'starting' ? ago(20_000) : started
    return stored('v1', 'Pod', `pod-${at}`, {
      metadata: state === 'deleted' ? { deletionTimestamp: ago(1000) } : {},
      spec: { containers: [container('a'), container('b')] },
      status: podStatus({ ready, phase, since, startTime: started }),
    })
  })
}

/** Usage per pod in milli; null: no sample. */
function samples(usage: (number | null)[]): PodMetrics {
  const metrics: PodMetrics = new Map()
  usage.forEach((milli, at) => {
    if (milli !== null) metrics.set(`pod-${at}`, { milli, timestampMs: NOW, windowMs: 60_000 })
  })
  return metrics
}

interface Example {
  current: number
  states: State[]
  requests?: number[]
  usage: (number | null)[]
  up?: number
  down?: number
  resource?: string
}

function inputOf({ current, states, requests, usage, up = 0.1, down = 0.1, resource = 'cpu' }: Example) {
  const input: PodReplicasInput = {
    current,
    pods: pods(states, requests ?? states.map(() => 2000)),
    metrics: samples(usage),
    tolerance: { scaleUp: up, scaleDown: down },
    grouping: { resource, now: NOW, cpuInitializationMs: 120_000, initialReadinessMs: 10_000 },
  }
  return input
}

const cpu = (example: Example, target: number) => {
  const input = inputOf(example)
  return utilizationReplicas(input, () => podRequests(input.pods, 'cpu'), target)
}
const all = (count: number, state: State = 'ready'): State[] => Array(count).fill(state)
const uneven = [1800, 2000, 2200]

describe('cpu utilisation', () => {
  const cases: [number, Example, target: number, percent: number, replicas: number][] = [
    [1, { current: 3, states: all(3), usage: [600, 1000, 1400] }, 30, 50, 5],
    [2, { current: 3, states: ['unready', 'ready', 'ready'], usage: [600, 1000, 1400] }, 30, 60, 4],
    [3, { current: 3, states: ['ready', 'unready', 'unready'], usage: [800, 1000, 1400] }, 30, 40, 3],
    [4, { current: 2, states: ['ready', 'ready', 'failed', 'failed'], usage: [1000, 1400] }, 30, 60, 4],
    [5, { current: 2, states: ['ready', 'ready', 'deleted', 'deleted'], usage: [1000, 1400] }, 30, 60, 4],
    [6, { current: 5, states: all(5), usage: [200, 600, 1000, 500, 500] }, 50, 28, 3],
    [
      7,
      { current: 5, states: [...all(3), 'unready', 'unready'], usage: [200, 600, 1000, 500, 500] },
      50,
      30,
      2,
    ],
    [
      7.1,
      { current: 5, states: [...all(3), 'starting', 'starting'], usage: [200, 600, 1000, 500, 500] },
      50,
      30,
      2,
    ],
    [8, { current: 5, states: ['ready', ...all(4, 'pending')], usage: [200] }, 50, 10, 1],
    [9, { current: 3, states: all(3), requests: uneven, usage: [2020, 2060, 2040] }, 100, 102, 3],
    [10, { current: 3, states: all(3), requests: uneven, usage: [1818, 2020, 2222], up: 0 }, 100, 101, 4],
    [11, { current: 3, states: all(3), requests: uneven, usage: [1320, 1280, 1300], down: 0.36 }, 100, 65, 3],
    [
      11.1,
      { current: 3, states: all(3), requests: uneven, usage: [1320, 1280, 1300], down: 0.34 },
      100,
      65,
      2,
    ],
    [12, { current: 4, states: all(4), usage: [8000, 19000, 6000, 14000, 6400, 4000] }, 100, 587, 24],
    [13, { current: 4, states: all(4), usage: [800, 190, null, null] }, 100, 24, 3],
    [14, { current: 2, states: all(2), usage: [3800, null] }, 100, 190, 2],
    [15, { current: 2, states: all(2), usage: [1200, null] }, 100, 60, 2],
    [16, { current: 3, states: ['unready', 'ready', 'ready'], usage: [200, 4000, null] }, 50, 200, 4],
    [17, { current: 4, states: ['unready', ...all(3)], usage: [200, 200, 200, null] }, 50, 10, 3],
    [
      18,
      {
        current: 4,
        states: ['unready', ...all(3)],
        requests: [2000, 2000, 4000, 4000],
        usage: [200, 200, 200, null],
      },
      300,
      6,
      2,
    ],
    [19, { current: 2, states: all(3), usage: [200, 200, null] }, 50, 10, 2],
  ]
  it.each(cases)('example %d', (_number, example, target, percent, replicas) => {
    const proposal = cpu(example, target)
    expect(proposal.utilization).toBe(percent)
    expect(proposal.replicas).toBe(replicas)
  })

  it.each([
    [{ current: 1, states: all(1), usage: [], requests: [100] }, /did not receive metrics for targeted pods/],
    [{ current: 1, states: [], usage: [100] }, /no pods returned by selector/],
    [{ current: 1, states: all(1), usage: [null, 100] }, /no metrics returned matched known pods/],
  ] as [Example, RegExp][])('error %#', (example, message) => {
    expect(() => cpu(example, 50)).toThrow(message)
  })

  it('names the container without a request', () => {
    const pod = stored('v1', 'Pod', 'p', { spec: { containers: [{ name: 'c', resources: {} }] } })
    expect(() => podRequests([pod], 'cpu')).toThrow('missing request for cpu in container c of Pod p')
  })

  it('counts sidecars, and prefers what the pod as a whole requests', () => {
    const container = (name: string, cpu: string) => ({ name, resources: { requests: { cpu } } })
    const spec = {
      containers: [container('a', '100m')],
      initContainers: [{ ...container('side', '50m'), restartPolicy: 'Always' }, container('init', '5')],
    }
    const pod = stored('v1', 'Pod', 'p', { spec })
    expect(podRequests([pod], 'cpu').get('p')).toBe(150)
    const whole = stored('v1', 'Pod', 'p', { spec: { ...spec, resources: { requests: { cpu: '1' } } } })
    expect(podRequests([whole], 'cpu').get('p')).toBe(1000)
    expect(podRequests([whole], 'cpu', 'a').get('p')).toBe(100)
  })
})

describe('pods metrics', () => {
  const qps = (milli: number[]) => milli.map((value) => value * 1000)
  it('example 20', () => {
    const input = inputOf({ current: 3, states: all(3), usage: qps([20, 10, 30]), resource: '' })
    expect(averageReplicas(input, 15_000)).toEqual({ replicas: 4, averageMilli: 20_000 })
  })
  it('example 21: readiness is ignored', () => {
    const input = inputOf({
      current: 3,
      states: ['unready', 'ready', 'ready'],
      usage: qps([50, 10, 30]),
      resource: '',
    })
    expect(averageReplicas(input, 15_000)).toEqual({ replicas: 6, averageMilli: 30_000 })
  })
})

describe('object and external metrics', () => {
  const tolerance = { scaleUp: 0.1, scaleDown: 0.1 }
  const oneReady = pods(['ready', 'unready', 'unready'], [1, 1, 1])
  const value = (usage: string, target: string, current = 3, ready = oneReady) =>
    valueReplicas(current, ready, milliValue(usage), milliValue(target), tolerance)
  const average = (replicas: number, usage: string, target: string, up = 0.1) =>
    averageValueReplicas(replicas, milliValue(usage), milliValue(target), { scaleUp: up, scaleDown: 0.1 })

  it('example 22: a Value counts ready pods', () => expect(value('50', '10')).toBe(5))
  it('example 23: and may so scale down', () => expect(value('8.6', '4.4')).toBe(2))
  it('example 24', () => {
    expect(average(3, '8.6', '2.15')).toEqual({ replicas: 4, averageMilli: 2867 })
    expect(average(3, '8.6', '2.9').replicas).toBe(3)
  })
  it('example 25', () => {
    expect(average(5, '8.6', '2.867').replicas).toBe(3)
    expect(value('8.6', '14.334', 5, pods(all(5), Array(5).fill(1)))).toBe(3)
  })
  it('example 26: a tolerance of its own', () => {
    expect(average(4, '20.208', '5', 0.01).replicas).toBe(5)
    expect(average(4, '20.208', '5').replicas).toBe(4)
  })
  it('from zero: the ratio itself', () => expect(value('25', '10', 0, [])).toBe(3))
  it('caps instead of overflowing', () => expect(value('1E', '1m', 0, [])).toBe(2 ** 31 - 1))
})
