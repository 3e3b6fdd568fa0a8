import { expect, it } from 'vitest'
import type { KubeObject } from '../../lib/kube/object.ts'
import { missingMetrics, missingRollout } from './conditions.ts'

function rollout(status: Record<string, unknown>): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'api', generation: 2 },
    spec: { replicas: 2 },
    status: { observedGeneration: '2', availableReplicas: 2, ...status },
  }
}

it.each([
  [{ phase: 'Healthy' }, undefined],
  [{ phase: 'Paused', message: 'CanaryPauseStep' }, undefined],
  [
    { phase: 'Degraded', message: 'RolloutAborted: Rollout aborted update to revision 2', abort: true },
    undefined,
  ],
  [{ phase: 'Healthy', availableReplicas: 1 }, 'phase Healthy'],
  [{ phase: 'Healthy', observedGeneration: '1' }, 'its controller has not seen it yet'],
  [{ phase: 'Degraded', message: 'InvalidSpec: no' }, 'phase Degraded: InvalidSpec: no'],
  [{ phase: 'Progressing', message: 'more' }, 'phase Progressing: more'],
])('a Rollout with %j', (status, missing) => {
  expect(missingRollout(rollout(status))).toBe(missing)
})

it('an HPA waits for its metrics, unless it rests at zero', () => {
  const hpa = (status: string, reason: string) => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'frontend' },
    status: { conditions: [{ type: 'ScalingActive', status, reason, message: 'no metrics returned' }] },
  })
  expect(missingMetrics(hpa('False', 'FailedGetResourceMetric'))).toMatch(/Metric: no metrics/)
  expect(missingMetrics(hpa('False', 'ScalingDisabled'))).toBeUndefined()
  expect(missingMetrics(hpa('True', 'ValidMetricFound'))).toBeUndefined()
})
