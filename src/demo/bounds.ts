/** How long scaling may take, from the autoscaler's own settings. Pure. */
import type { KubeObject } from '../lib/kube/object.ts'

export interface Bounds {
  /** Most replicas. */
  max: number
  /** From the first message to the first ready worker. */
  firstWorkerMs: number
  /** From the first message to `max` ready workers. */
  peakMs: number
  /** From the last answer to no worker at all. */
  zeroMs: number
  /** Factor on every bound: more than 1 for a machine that is busy with something else. */
  tolerance: number
}

// Kubernetes' defaults, and KEDA's.
const HPA_SYNC_S = 15
const HPA_SCALE_DOWN_WINDOW_S = 300
const POLLING_S = 30
const COOLDOWN_S = 300
const MAX_REPLICAS = 100
/** For a pod to start or to end, and for watches to tell. */
const POD_S = 10

/**
 * Up: KEDA's look at the queue brings the first worker, the HPA's next look the others. Down: the HPA's window, then
 * KEDA's cooldown.
 */
export function boundsOf(scaledObject: KubeObject, tolerance = 1): Bounds {
  const {
    pollingInterval = POLLING_S,
    cooldownPeriod = COOLDOWN_S,
    maxReplicaCount,
    advanced,
  } = scaledObject.spec ?? {}
  const window: number =
    advanced?.horizontalPodAutoscalerConfig?.behavior?.scaleDown?.stabilizationWindowSeconds ??
    HPA_SCALE_DOWN_WINDOW_S
  const ms = (seconds: number) => Math.round(seconds * tolerance * 1000)
  return {
    max: maxReplicaCount ?? MAX_REPLICAS,
    firstWorkerMs: ms(pollingInterval + POD_S),
    peakMs: ms(pollingInterval + HPA_SYNC_S + POD_S),
    zeroMs: ms(window + HPA_SYNC_S + cooldownPeriod + pollingInterval + POD_S),
    tolerance,
  }
}
