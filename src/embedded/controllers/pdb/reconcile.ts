/** A PodDisruptionBudget's status: how many pods there are, should be, and may go. */
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { setCondition } from '../shared/conditions.ts'
import { resolveIntOrPercent } from '../shared/int-or-percent.ts'
import { compact } from '../shared/json.ts'
import { isReady, isTerminating, type Pod } from '../shared/pods.ts'
import { DISRUPTION_BUDGETS } from '../shared/resources.ts'
import { statusChanges } from '../shared/status.ts'

export const COMPONENT = 'controllermanager'

/** An evicted pod that is not being deleted after this long was not evicted after all. */
const DELETION_TIMEOUT_MS = 120_000

export interface BudgetInput {
  budget: KubeObject
  /** Those that the budget's selector matches. */
  pods: Pod[]
  /** Sum of spec.replicas over the pods' controllers; throws when a pod has none that can be scaled. */
  expectedScale: () => number
  now: number
}

/** The status, fail-safe (nothing may go) when the expected number cannot be told. */
export function reconcileBudget(input: BudgetInput): { changes: Change[]; requeueAfterMs?: number } {
  const { budget, pods } = input
  const changes: Change[] = []
  if (pods.length === 0) changes.push(event(budget, 'Normal', 'NoPods', 'No matching pods found'))
  try {
    const { expected, desired } = expectation(input)
    const disrupted = stillDisrupted(input)
    const healthy = pods.filter(
      (pod) => !isTerminating(pod) && isReady(pod) && !disrupted.has(pod.metadata.name),
    )
    const allowed = expected > 0 ? Math.max(0, healthy.length - desired) : 0
    const counts = { currentHealthy: healthy.length, desiredHealthy: desired, expectedPods: expected }
    changes.push(...write(input, allowed, { ...counts, disruptedPods: asObject(disrupted) }, ''))
    const waits = [...disrupted.values()].map((time) => Date.parse(time) + DELETION_TIMEOUT_MS - input.now)
    return { changes, ...(waits.length > 0 ? { requeueAfterMs: Math.max(1, Math.min(...waits)) } : {}) }
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    const message = `Failed to calculate the number of expected pods: ${why}`
    changes.push(event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message))
    const { conditions: _conditions, observedGeneration: _generation, ...counts } = budget.status ?? {}
    const zero = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
    changes.push(...write(input, 0, { ...zero, ...counts }, why))
    return { changes }
  }
}

/** An absolute minAvailable needs no controller; everything else is a share of what they ask for. */
function expectation({ budget, pods, expectedScale }: BudgetInput): { expected: number; desired: number } {
  const { maxUnavailable, minAvailable = 1 } = budget.spec
  if (maxUnavailable !== undefined) {
    const expected = expectedScale()
    const allowed = resolveIntOrPercent(maxUnavailable, expected, 'up') ?? 0
    return { expected, desired: Math.max(0, expected - allowed) }
  }
  if (typeof minAvailable === 'number') return { expected: pods.length, desired: minAvailable }
  const expected = expectedScale()
  return { expected, desired: resolveIntOrPercent(minAvailable, expected, 'up') ?? expected }
}

/** Pods that the eviction API let go and that are not being deleted yet. */
function stillDisrupted({ budget, pods, now }: BudgetInput): Map<string, string> {
  const entries = Object.entries<string>(budget.status?.disruptedPods ?? {})
  return new Map(
    entries.filter(([name, time]) => {
      const pod = pods.find(({ metadata }) => metadata.name === name)
      return pod && !isTerminating(pod) && Date.parse(time) + DELETION_TIMEOUT_MS > now
    }),
  )
}

function asObject(disrupted: Map<string, string>): Record<string, string> | undefined {
  return disrupted.size > 0 ? Object.fromEntries(disrupted) : undefined
}

function write(
  { budget, now }: BudgetInput,
  disruptionsAllowed: number,
  counts: Record<string, unknown>,
  failure: string,
): Change[] {
  const { generation } = budget.metadata
  const reason = failure ? 'SyncFailed' : disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods'
  const conditions = setCondition(
    budget.status?.conditions ?? [],
    {
      type: 'DisruptionAllowed',
      status: disruptionsAllowed > 0 ? 'True' : 'False',
      reason,
      message: failure,
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    },
    now,
  )
  const status = { ...counts, disruptionsAllowed, observedGeneration: generation, conditions }
  return statusChanges(DISRUPTION_BUDGETS, budget, compact(status))
}

function event(budget: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): Change {
  return { verb: 'event', regarding: budget, type, reason, message, component: COMPONENT }
}
