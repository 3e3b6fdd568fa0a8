import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluateMetric } from '../embedded/controllers/hpa/evaluate.ts'
import type { MetricSources } from '../embedded/controllers/hpa/sources.ts'
import { readMetric } from './metric.ts'

const NOW = Date.UTC(2026, 0, 1)
const tolerance = { up: 0.1, down: 0.1 }

function runningPod(index: number, ready: boolean): any {
  const since = '2025-12-31T00:00:00Z'
  return {
    metadata: { name: `web-${index}`, namespace: 'ns' },
    spec: { containers: [{ name: 'main', resources: { requests: { cpu: '100m' } } }] },
    status: {
      phase: 'Running',
      startTime: since,
      conditions: [
        { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: '2025-12-31T01:00:00Z' },
      ],
    },
  }
}

/** What the embedded controller, which equals Kubernetes', makes of the same figures. */
async function controller(
  metric: any,
  replicas: number,
  observed: number,
  ready: number,
  sources: Partial<MetricSources>,
) {
  return evaluateMetric(metric, {
    namespace: 'ns',
    specReplicas: replicas,
    statusReplicas: observed,
    selector: 'app=web',
    pods: Array.from({ length: replicas }, (_, index) => runningPod(index, index < ready)),
    tolerance: { scaleUp: tolerance.up, scaleDown: tolerance.down },
    grouping: { now: NOW, cpuInitializationMs: 300_000, initialReadinessDelayMs: 30_000 } as any,
    sources: sources as MetricSources,
  })
}

function external(target: object): any {
  return { type: 'External', external: { metric: { name: 's0-rabbitmq-q' }, target } }
}

function queueOf(value: number): Partial<MetricSources> {
  return {
    external: {
      values: async (_namespace, metricName) => [
        { metricName, metricLabels: null, timestamp: '', value: String(value) },
      ],
    },
  }
}

const replicaCount = fc.integer({ min: 1, max: 40 })

test('queue length: the same proposal from the live total, and from what the status keeps of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(2000),
      fc.integer({ min: 1, max: 60 }),
      replicaCount,
      replicaCount,
      async (total, target, replicas, observed) => {
        const metric = external({ type: 'AverageValue', averageValue: String(target) })
        const { replicas: expected, status } = await controller(
          metric,
          replicas,
          observed,
          replicas,
          queueOf(total),
        )
        const counts = { current: replicas, observed, ready: replicas, tolerance }
        expect(readMetric(metric, undefined, counts, total).proposal).toBe(expected)
        expect(readMetric(metric, status, counts).proposal).toBe(expected)
      },
    ),
    { numRuns: 500 },
  )
})

test('a Value target multiplies the ready pods', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(500),
      fc.integer({ min: 1, max: 60 }),
      replicaCount,
      fc.nat(),
      async (total, target, replicas, seed) => {
        const ready = seed % (replicas + 1)
        const metric = external({ type: 'Value', value: String(target) })
        const { replicas: expected, status } = await controller(
          metric,
          replicas,
          replicas,
          ready,
          queueOf(total),
        )
        const counts = { current: replicas, observed: replicas, ready, tolerance }
        expect(readMetric(metric, status, counts).proposal).toBe(expected)
      },
    ),
  )
})

test.each<[string, any]>([
  ['share of the request', { type: 'Utilization', averageUtilization: 70 }],
  ['average a pod', { type: 'AverageValue', averageValue: '70m' }],
])('cpu as %s', async (_name, target) => {
  const metric = { type: 'Resource', resource: { name: 'cpu', target } }
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 400 }), replicaCount, async (milli, replicas) => {
      const containers = [{ name: 'main', cpuNanocores: milli * 1_000_000, memoryBytes: 1 }]
      const podUsage = () =>
        Array.from({ length: replicas }, (_, index) => ({
          namespace: 'ns',
          name: `web-${index}`,
          timestampMs: NOW,
          windowMs: 15_000,
          containers,
        }))
      const { replicas: expected, status } = await controller(metric, replicas, replicas, replicas, {
        podUsage,
      })
      const counts = { current: replicas, observed: replicas, ready: replicas, tolerance }
      expect(readMetric(metric, status, counts).proposal).toBe(expected)
    }),
  )
})

test('the named edges are the edges', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), replicaCount, (target, replicas) => {
      const metric = external({ type: 'AverageValue', averageValue: String(target) })
      const counts = { current: replicas, observed: replicas, ready: replicas, tolerance }
      const at = (total: number) => readMetric(metric, undefined, counts, total)
      const edge = (text: string | undefined) => Number(/\d+/.exec(text ?? '')?.[0])
      const { above, below } = at(0)
      expect(at(edge(above)).proposal).toBeLessThanOrEqual(replicas)
      expect(at(edge(above) + 1).proposal).toBeGreaterThan(replicas)
      expect(at(edge(below)).proposal).toBeLessThan(replicas)
      expect(at(edge(below) + 1).proposal).toBeGreaterThanOrEqual(replicas)
    }),
  )
})
