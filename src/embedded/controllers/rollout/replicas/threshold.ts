/** replicaProgressThreshold: how many pods are enough to go on. */
import type { KubeObject } from '../../../objects.ts'
import { availableReplicas, specReplicas } from '../replica-sets.ts'

export interface ProgressThreshold {
  type: 'Percent' | 'Pods'
  value: number
}

/** Without a threshold: the ReplicaSet has exactly `desired` pods and all are available. */
export function isProgressed(
  threshold: ProgressThreshold | undefined,
  replicaSet: KubeObject | undefined,
  desired: number,
): boolean {
  if (!replicaSet) return false
  const available = availableReplicas(replicaSet)
  if (!threshold || threshold.value < 0) {
    return specReplicas(replicaSet) === desired && available === desired
  }
  if (threshold.type === 'Pods') return available >= threshold.value
  // Tolerates what floating point makes of percentages such as 70 of 10.
  return desired === 0 || (available / desired) * 100 >= threshold.value - 1e-10
}
