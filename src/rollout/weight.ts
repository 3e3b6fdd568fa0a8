/** The weight that a canary's steps ask for, and the one that its pods have. */
import type { KubeObject } from '../lib/kube/object.ts'

interface Step {
  setWeight?: number
}

/** In percent, or in parts of trafficRouting.maxTrafficWeight. `canary` is the current template's ReplicaSet. */
export function currentWeight(
  { spec, status = {} }: KubeObject,
  canary: KubeObject | undefined,
): { setWeight: number; actualWeight: number } {
  const { trafficRouting, steps = [] } = spec.strategy.canary as { trafficRouting?: any; steps?: Step[] }
  const max: number = trafficRouting?.maxTrafficWeight ?? 100
  const index: number = status.currentStepIndex ?? 0
  const reached = steps.slice(0, index + 1).findLast((step) => step.setWeight !== undefined)
  const done = index >= steps.length
  const setWeight = status.abort ? 0 : done ? max : (reached?.setWeight ?? 0)
  if (done) return { setWeight, actualWeight: max }
  const available: number = status.availableReplicas ?? 0
  if (available === 0) return { setWeight, actualWeight: 0 }
  if (trafficRouting) return { setWeight, actualWeight: status.canary?.weights?.canary?.weight ?? setWeight }
  const promoted = status.stableRS === status.currentPodHash
  const own: number = promoted ? 0 : (canary?.status?.availableReplicas ?? 0)
  return { setWeight, actualWeight: Math.floor((own * max) / available) }
}
