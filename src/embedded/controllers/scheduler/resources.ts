/** What pods ask for and what a node has left. */

import { numericValue } from '../../../lib/quantity.ts'
import type { KubeObject } from '../../objects.ts'
import { isFinished, type Pod } from '../shared/pods.ts'

type Amounts = Record<string, number>

/**
 * Requests of a pod by resource: the sum over its containers and sidecars, or what its largest init
 * container needs if that is more; plus overhead. Pod-level requests take precedence.
 */
function podRequests(pod: Pod): Amounts {
  const running: Amounts = {}
  const peak: Amounts = {}
  for (const container of pod.spec.initContainers ?? []) {
    const requests = amountsOf(container.resources?.requests)
    if (container.restartPolicy === 'Always') add(running, requests)
    for (const [name, amount] of Object.entries(requests)) {
      const beside = container.restartPolicy === 'Always' ? 0 : (running[name] ?? 0)
      peak[name] = Math.max(peak[name] ?? 0, amount + beside)
    }
  }
  for (const container of pod.spec.containers ?? []) add(running, amountsOf(container.resources?.requests))
  for (const [name, amount] of Object.entries(peak)) running[name] = Math.max(running[name] ?? 0, amount)
  Object.assign(running, amountsOf(pod.spec.resources?.requests))
  add(running, amountsOf(pod.spec.overhead))
  return running
}

/** The resources of which the node has too little left for the pod, as `Insufficient cpu`, `Too many pods`. */
export function insufficient(pod: Pod, node: KubeObject, onNode: Pod[]): string[] {
  const allocatable = amountsOf(node.status?.allocatable)
  const running = onNode.filter((other) => !isFinished(other))
  const used: Amounts = {}
  for (const other of running) add(used, podRequests(other))
  const reasons = Object.entries(podRequests(pod))
    .filter(([name, amount]) => amount > 0 && amount > (allocatable[name] ?? 0) - (used[name] ?? 0) + EPSILON)
    .map(([name]) => `Insufficient ${name}`)
  const { pods } = allocatable
  return pods !== undefined && running.length + 1 > pods ? ['Too many pods', ...reasons] : reasons
}

/** Sums of decimal fractions of a core are not exact. */
const EPSILON = 1e-6

function amountsOf(quantities: Record<string, string | number> | undefined): Amounts {
  return Object.fromEntries(
    Object.entries(quantities ?? {}).map(([name, quantity]) => [name, numericValue(quantity)]),
  )
}

function add(sum: Amounts, amounts: Amounts): void {
  for (const [name, amount] of Object.entries(amounts)) sum[name] = (sum[name] ?? 0) + amount
}
