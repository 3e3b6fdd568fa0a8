/** Lists of status conditions, in the three ways that Kubernetes' own controllers keep them. */
import { rfc3339 } from '../../../lib/clock.ts'

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
  lastTransitionTime?: string
  lastUpdateTime?: string
  observedGeneration?: number
}

type Outcome = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

export function findCondition(conditions: Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type)
}

export function withoutCondition(conditions: Condition[], type: string): Condition[] {
  return conditions.filter((condition) => condition.type !== type)
}

/**
 * As the workload controllers (Deployment, ReplicaSet) do: same status and reason leaves the list alone,
 * message included; otherwise the condition moves to the end of the list.
 */
export function replaceCondition(conditions: Condition[], next: Condition): Condition[] {
  const current = findCondition(conditions, next.type)
  if (current && current.status === next.status && current.reason === next.reason) return conditions
  const kept = current?.status === next.status ? { lastTransitionTime: current.lastTransitionTime } : {}
  return [...withoutCondition(conditions, next.type), { ...next, ...kept }]
}

/**
 * As metav1 conditions are kept (apimeta.SetStatusCondition, and the HPA): in place, lastTransitionTime
 * moves only with the status, reason and message always follow.
 */
export function setCondition(
  conditions: Condition[],
  next: Outcome & { observedGeneration?: number },
  nowMs: number,
): Condition[] {
  const at = conditions.findIndex((condition) => condition.type === next.type)
  const current = conditions[at]
  const lastTransitionTime =
    current?.status === next.status && current.lastTransitionTime
      ? current.lastTransitionTime
      : rfc3339(nowMs)
  const updated = { ...next, lastTransitionTime }
  return current ? conditions.with(at, updated) : [...conditions, updated]
}
