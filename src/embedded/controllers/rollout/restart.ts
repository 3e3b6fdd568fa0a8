/** spec.restartAt: pods that are older are evicted, a few at a time. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import { controllerOf } from '../../objects.ts'
import { matchesLabels } from '../../selectors.ts'
import { isAvailable, isTerminating } from '../shared/pods.ts'
import { DISRUPTION_BUDGETS, PODS } from '../shared/resources.ts'
import { type RolloutPlan, requeueAfter } from './plan.ts'
import { totalSpec } from './replica-sets.ts'
import { maxUnavailable } from './replicas/limits.ts'
import { desiredReplicas } from './spec.ts'

const RECHECK_MS = 30_000

/** True when pods have to go now; false before restartAt and once it has been carried out. */
export function needsRestart(rollout: KubeObject, now: number): boolean {
  const { restartAt } = rollout.spec
  if (!restartAt || Date.parse(restartAt) === Date.parse(rollout.status?.restartedAt ?? '')) return false
  return now > Date.parse(restartAt)
}

/** Plans evictions of pods older than restartAt, as many as may be missing; answers how many. */
export function restartPods(plan: RolloutPlan): number {
  const { rollout, now } = plan
  const restartAt = Date.parse(rollout.spec.restartAt ?? '')
  if (restartAt >= now) requeueAfter(plan, restartAt - now + 1)
  if (!needsRestart(rollout, now)) return 0
  const minReadySeconds = rollout.spec.minReadySeconds ?? 0
  const available = plan.pods.filter((pod) => !isTerminating(pod) && isAvailable(pod, minReadySeconds, now))
  const total = Math.max(desiredReplicas(rollout), totalSpec(plan.replicaSets))
  let allowed = available.length - (total - Math.max(maxUnavailable(rollout), 1))
  const old = byPriority(plan).filter((pod) => Date.parse(pod.metadata.creationTimestamp) < restartAt)
  let evicted = 0
  for (const pod of old) {
    if (allowed <= 0) break
    if (isTerminating(pod) || !evict(plan, pod)) continue
    allowed--
    evicted++
  }
  if (old.length > evicted) requeueAfter(plan, RECHECK_MS)
  else plan.restartedAt = rollout.spec.restartAt
  return evicted
}

/** Pods of the stable ReplicaSet first, then the new one's, then all others. */
function byPriority({ pods, stableSet, newSet }: RolloutPlan): KubeObject[] {
  const rank = (pod: KubeObject): number => {
    const owner = controllerOf(pod)?.uid
    return owner === stableSet?.metadata.uid ? 0 : owner === newSet.metadata.uid ? 1 : 2
  }
  return pods.toSorted((a, b) => rank(a) - rank(b))
}

/** Spends a disruption of the pod's budget and deletes it, as the eviction API does; false when it may not. */
function evict(plan: RolloutPlan, pod: KubeObject): boolean {
  const { namespace, name, uid, labels } = pod.metadata
  const budgets = plan.budgets.filter(({ spec }) => matchesLabels(spec?.selector, labels))
  if (budgets.length > 1) return false
  const [budget] = budgets
  if (budget) {
    const disruptionsAllowed = budget.status?.disruptionsAllowed ?? 0
    if (disruptionsAllowed <= 0) return false
    const status = {
      disruptionsAllowed: disruptionsAllowed - 1,
      disruptedPods: { ...budget.status.disruptedPods, [name]: rfc3339(plan.now) },
    }
    budget.status = { ...budget.status, ...status }
    plan.changes.push({
      verb: 'patch',
      resource: DISRUPTION_BUDGETS,
      namespace,
      name: budget.metadata.name,
      patch: { status },
      subresource: 'status',
    })
  }
  plan.changes.push({ verb: 'delete', resource: PODS, namespace, name, options: { preconditions: { uid } } })
  return true
}
