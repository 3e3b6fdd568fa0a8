import { describe, expect, it } from 'vitest'
import { stored } from '../../testing/builders.ts'
import type { ScaledObject, ScaledObjectSpec } from '../types.ts'
import { type ValidationContext, validateScaledObject } from './validate-scaled-object.ts'

function scaledObject(name: string, spec: Partial<ScaledObjectSpec> = {}, annotations = {}): ScaledObject {
  return stored('keda.sh/v1alpha1', 'ScaledObject', name, {
    metadata: { annotations },
    spec: {
      scaleTargetRef: { name: 'd' },
      triggers: [{ type: 'rabbitmq', metadata: { queueName: 'q' } }],
      ...spec,
    },
  }) as ScaledObject
}

const hpa = (name: string, metadata = {}) =>
  stored('autoscaling/v2', 'HorizontalPodAutoscaler', name, {
    metadata,
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } },
  })

const nothing: ValidationContext = {
  scaledObjects: [],
  hpas: [],
  workload: undefined,
  limitRanges: [],
  dryRun: false,
}
const error = (object: ScaledObject, context: Partial<ValidationContext> = {}) =>
  validateScaledObject(object, { ...nothing, ...context }).error

describe('validateScaledObject', () => {
  it('admits a plain one, also on update', () => {
    const object = scaledObject('so')
    expect(validateScaledObject(object, { ...nothing, scaledObjects: [object] })).toEqual({ warnings: [] })
  })

  it('refuses a second one for the same workload or HPA', () => {
    expect(error(scaledObject('so'), { scaledObjects: [scaledObject('other')] })).toBe(
      "the workload 'd' of type 'apps/v1.Deployment' is already managed by the ScaledObject 'other'",
    )
    const named = { advanced: { horizontalPodAutoscalerConfig: { name: 'keda-hpa-other' } } }
    const other = scaledObject('other', { scaleTargetRef: { name: 'e' } })
    expect(error(scaledObject('so', named), { scaledObjects: [other] })).toBe(
      "the HPA 'keda-hpa-other' is already managed by the ScaledObject 'other'",
    )
  })

  it('refuses a workload that has an HPA, unless it is to be taken over by name', () => {
    const hpas = [hpa('h')]
    expect(error(scaledObject('so'), { hpas })).toBe(
      "the workload 'd' of type 'apps/v1.Deployment' is already managed by the hpa 'h'",
    )
    const transfer = { 'scaledobject.keda.sh/transfer-hpa-ownership': 'true' }
    expect(error(scaledObject('so', {}, transfer), { hpas })).toBe(
      "the existing hpa 'h' for workload 'd' of type 'apps/v1.Deployment' must be specified by name in advanced settings to enable ownership transfer",
    )
    const named = { advanced: { horizontalPodAutoscalerConfig: { name: 'h' } } }
    expect(error(scaledObject('so', named, transfer), { hpas })).toBeUndefined()
    const ignored = [hpa('h', { annotations: { 'validations.keda.sh/hpa-ownership': 'false' } })]
    expect(error(scaledObject('so'), { hpas: ignored })).toBeUndefined()
    const owners = [{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'so', uid: 'u' }]
    expect(error(scaledObject('so'), { hpas: [hpa('h', { ownerReferences: owners })] })).toBeUndefined()
  })

  it('wants requests for cpu and memory, and a minimum above zero with nothing else', () => {
    const triggers = [{ type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } }]
    const workload = stored('apps/v1', 'Deployment', 'd', {
      spec: { template: { spec: { containers: [{ name: 'c' }] } } },
    })
    expect(error(scaledObject('so', { triggers }))).toBe(
      "scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero doesn't work in this case)",
    )
    const cpu = scaledObject('so', { triggers, minReplicaCount: 1 })
    expect(error(cpu, { workload })).toBe(
      "the scaledobject has a cpu trigger but the container c doesn't have the cpu request defined",
    )
    expect(error(cpu, { workload, dryRun: true })).toBeUndefined()
    const limits = [{ type: 'Container', defaultRequest: { cpu: '100m' } }]
    const limitRanges = [stored('v1', 'LimitRange', 'l', { spec: { limits } })]
    expect(error(cpu, { workload, limitRanges })).toBeUndefined()
    const fallback = { failureThreshold: 1, replicas: 1 }
    expect(error(scaledObject('so', { triggers, minReplicaCount: 1, fallback }))).toMatch(
      /^at least one trigger \(that is not cpu or memory\)/,
    )
  })

  it('refuses names that give an HPA name above 63 characters', () => {
    expect(error(scaledObject('x'.repeat(55)))).toMatch(/longer than 63/)
    expect(error(scaledObject('x'.repeat(54)))).toBeUndefined()
  })

  it('warns about times without effect', () => {
    const object = scaledObject('so', { minReplicaCount: 1, pollingInterval: 5, cooldownPeriod: 5 })
    expect(validateScaledObject(object, nothing).warnings).toHaveLength(2)
    expect(
      validateScaledObject(scaledObject('so', { pollingInterval: 5, cooldownPeriod: 5 }), nothing).warnings,
    ).toEqual([])
  })
})
