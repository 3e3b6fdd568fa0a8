import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../objects.ts'
import type { ScaledObject, ScaledObjectSpec } from '../types.ts'
import { buildHpa, type MetricSpec } from './build-hpa.ts'
import { hpaDiffers } from './differs.ts'
import { metricName, normalizeName, queryEscape } from './metric-name.ts'
import { formatQuantity } from './quantity.ts'

const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }

function scaledObject(
  spec: Partial<ScaledObjectSpec> = {},
  annotations: Record<string, string> = {},
  labels: Record<string, string> = {},
): ScaledObject {
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: {
      name: 'so',
      namespace: 'ns',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { 'scaledobject.keda.sh/name': 'so', ...labels },
      annotations,
    },
    spec: { scaleTargetRef: { name: 'd' }, triggers: [], ...spec },
  }
}

describe('buildHpa', () => {
  it('names, labels and owns it', () => {
    const { metadata, spec } = buildHpa(scaledObject({}, { note: 'x' }, { team: 'one' }), target, [])
    expect(metadata).toEqual({
      name: 'keda-hpa-so',
      namespace: 'ns',
      labels: {
        'app.kubernetes.io/name': 'keda-hpa-so',
        'app.kubernetes.io/version': '2.20.2',
        'app.kubernetes.io/part-of': 'so',
        'app.kubernetes.io/managed-by': 'keda-operator',
        'scaledobject.keda.sh/name': 'so',
        team: 'one',
      },
      annotations: { note: 'x' },
      ownerReferences: [
        {
          apiVersion: 'keda.sh/v1alpha1',
          kind: 'ScaledObject',
          name: 'so',
          uid: 'u',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    })
    expect(spec).toEqual({ scaleTargetRef: target, minReplicas: 1, maxReplicas: 100, metrics: [] })
  })

  it('never lets the HPA go below one, and leaves idleReplicaCount out', () => {
    const { spec } = buildHpa(scaledObject({ minReplicaCount: 0, idleReplicaCount: 0 }), target, [])
    expect(spec.minReplicas).toBe(1)
    expect(buildHpa(scaledObject({ minReplicaCount: 3 }), target, []).spec.minReplicas).toBe(3)
  })

  it('leaves excluded labels out', () => {
    const annotations = { 'scaledobject.keda.sh/hpa-excluded-labels': 'a,b' }
    const hpa = buildHpa(scaledObject({}, annotations, { a: '1', b: '2', c: '3' }), target, [])
    expect(hpa.metadata.labels).not.toHaveProperty('a')
    expect(hpa.metadata.labels).toHaveProperty('c', '3')
  })

  it('sorts metrics by type and keeps trigger order within one', () => {
    const metrics: MetricSpec[] = [
      { type: 'Resource', resource: { name: 'cpu' } },
      { type: 'External', external: { n: 1 } },
      { type: 'ContainerResource', containerResource: {} },
      { type: 'External', external: { n: 2 } },
    ]
    const { spec } = buildHpa(scaledObject(), target, metrics)
    expect(spec.metrics.map((metric: MetricSpec) => metric.external?.n ?? metric.type)).toEqual([
      'ContainerResource',
      1,
      2,
      'Resource',
    ])
  })

  it('disables a direction that is paused, beside what behavior says', () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 5 } }
    const spec = { advanced: { horizontalPodAutoscalerConfig: { behavior } } }
    const hpa = buildHpa(scaledObject(spec, { 'autoscaling.keda.sh/paused-scale-in': 'true' }), target, [])
    expect(hpa.spec.behavior).toEqual({
      scaleDown: { stabilizationWindowSeconds: 5, selectPolicy: 'Disabled' },
    })
  })
})

describe('hpaDiffers', () => {
  const wanted = buildHpa(scaledObject({}, {}, { a: '1' }), target, [])
  const found = structuredClone(wanted) as KubeObject

  it('passes over what the API and others added', () => {
    const grown = structuredClone(found)
    grown.spec.metrics = []
    grown.metadata.labels!.other = 'x'
    expect(hpaDiffers(grown, wanted)).toBe(false)
  })

  it.each([
    ['a limit', (hpa: KubeObject) => (hpa.spec.maxReplicas = 7)],
    ['a metric', (hpa: KubeObject) => hpa.spec.metrics.push({})],
    ['a label', (hpa: KubeObject) => (hpa.metadata.labels!.a = '2')],
    ['behavior', (hpa: KubeObject) => (hpa.spec.behavior = { scaleUp: {} })],
  ])('notices %s', (_what, edit) => {
    const edited = structuredClone(found)
    edit(edited)
    expect(hpaDiffers(edited, wanted)).toBe(true)
  })
})

describe('metric names and quantities', () => {
  it.each([
    ['orders.created', 's0-rabbitmq-orders-created'],
    ['team/orders', 's0-rabbitmq-team-2Forders'],
    ['^orders.*$', 's0-rabbitmq--5Eorders--2A-24'],
    ['a b', 's0-rabbitmq-a+b'],
  ])('%s → %s', (queue, expected) => {
    expect(metricName(0, normalizeName(`rabbitmq-${queryEscape(queue)}`))).toBe(expected)
  })

  it.each([
    [20, '20'],
    [0.5, '500m'],
    [100.5, '100500m'],
    [2000, '2k'],
    [33, '33'],
    [-1, '0'],
    [Number.NaN, '0'],
    [Number.POSITIVE_INFINITY, '0'],
    [0.0004, '0'],
  ])('%d → %s', (value, expected) => {
    expect(formatQuantity(value)).toBe(expected)
  })
})
