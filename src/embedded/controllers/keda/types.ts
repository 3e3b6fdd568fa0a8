/** The KEDA objects as this controller reads them; their schema is the CRD. */
import type { KubeObject } from '../../objects.ts'

export interface Trigger {
  type: string
  name?: string
  metadata: Record<string, string>
  metricType?: string
  useCachedMetrics?: boolean
  authenticationRef?: { name: string; kind?: string }
}

export interface Fallback {
  failureThreshold: number
  replicas: number
  behavior?:
    | 'static'
    | 'currentReplicas'
    | 'currentReplicasIfHigher'
    | 'currentReplicasIfLower'
    | 'scalingModifiers'
}

export interface ScaledObjectSpec {
  scaleTargetRef: { name: string; apiVersion?: string; kind?: string; envSourceContainerName?: string }
  pollingInterval?: number
  cooldownPeriod?: number
  initialCooldownPeriod?: number
  idleReplicaCount?: number
  minReplicaCount?: number
  maxReplicaCount?: number
  fallback?: Fallback
  advanced?: {
    restoreToOriginalReplicaCount?: boolean
    horizontalPodAutoscalerConfig?: { name?: string; behavior?: Record<string, any> }
    scalingModifiers?: { formula?: string; target?: string; activationTarget?: string; metricType?: string }
  }
  triggers: Trigger[]
}

/** A KEDA condition: no timestamps, no observedGeneration. */
export interface Condition {
  type: ConditionType
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
}

export type ConditionType = 'Ready' | 'Active' | 'Fallback' | 'Paused' | 'HPAActive'

export interface Health {
  numberOfFailures: number
  status: 'Happy' | 'Failing'
}

export interface ScaledObjectStatus {
  scaleTargetKind?: string
  scaleTargetGVKR?: { group: string; version: string; kind: string; resource: string }
  originalReplicaCount?: number
  lastActiveTime?: string
  externalMetricNames?: string[]
  resourceMetricNames?: string[]
  compositeScalerName?: string
  conditions?: Condition[]
  health?: Record<string, Health>
  triggersActivity?: Record<string, { isActive: boolean }>
  pausedReplicaCount?: number
  hpaName?: string
  triggersTypes?: string
  authenticationsTypes?: string
}

export interface ScaledObject extends KubeObject {
  spec: ScaledObjectSpec
  status?: ScaledObjectStatus
}
