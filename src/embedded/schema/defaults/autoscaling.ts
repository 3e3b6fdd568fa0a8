/** Defaults of HorizontalPodAutoscalers (pkg/apis/autoscaling/v2/defaults.go). */
import { fill, type Loose, struct } from './fill.ts'

export function defaultAutoscaler(autoscaler: Loose): void {
  const spec = struct(autoscaler, 'spec')
  if (!spec) return
  fill(spec, { minReplicas: 1 })
  if (autoscaler.apiVersion === 'autoscaling/v1') return
  if (!spec.metrics?.length) {
    spec.metrics = [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
      },
    ]
  }
  const behavior = struct(spec, 'behavior')
  // Without a behavior the controller applies the same rules itself.
  if (!behavior) return
  fill(behavior, { scaleUp: {}, scaleDown: {} })
  fill(behavior.scaleUp, {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  })
  fill(behavior.scaleDown, {
    selectPolicy: 'Max',
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
  })
}
