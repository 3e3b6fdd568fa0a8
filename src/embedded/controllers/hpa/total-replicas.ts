/** Replicas from one number for all pods: object and external metrics (replica_calculator.go). */
import { isReady, type Pod } from '../shared/pods.ts'
import { type Tolerance, withinTolerance } from './tolerance.ts'

const MAX_INT32 = 2 ** 31 - 1

/** A Value target: the ratio times the pods that are ready now, which may be fewer than the replicas. */
export function valueReplicas(
  current: number,
  pods: Pod[],
  usageMilli: number,
  targetMilli: number,
  tolerance: Tolerance,
): number {
  const ratio = usageMilli / targetMilli
  if (current === 0) return cap(Math.ceil(ratio))
  if (withinTolerance(tolerance, ratio)) return current
  const ready = pods.filter((pod) => pod.status?.phase === 'Running' && isReady(pod)).length
  return cap(Math.ceil(ratio * ready))
}

/** An AverageValue target; the status shows the usage per replica, rounded up, in milli. */
export function averageValueReplicas(
  statusReplicas: number,
  usageMilli: number,
  targetMilli: number,
  tolerance: Tolerance,
): { replicas: number; averageMilli: number } {
  const ratio = usageMilli / (targetMilli * statusReplicas)
  const replicas = withinTolerance(tolerance, ratio)
    ? statusReplicas
    : cap(Math.ceil(usageMilli / targetMilli))
  const averageMilli = statusReplicas === 0 ? Number.MAX_SAFE_INTEGER : Math.ceil(usageMilli / statusReplicas)
  return { replicas, averageMilli: Math.min(averageMilli, Number.MAX_SAFE_INTEGER) }
}

function cap(replicas: number): number {
  return Math.min(replicas, MAX_INT32)
}
