/** Rules on PodDisruptionBudgets. */
import { found, rule } from '../finding.ts'
import {
  covers,
  type Linted,
  type LintInput,
  ofKind,
  podLabelsOf,
  sameNamespace,
  workloadsOf,
} from '../input.ts'
import { fewestReplicas } from './autoscaling.ts'

const blocks = rule('budget-blocks', 'a PodDisruptionBudget that allows no eviction at all', (input) =>
  ofKind(input, 'PodDisruptionBudget').flatMap((budget) => {
    const why = blocking(input, budget)
    if (!why) return []
    return [
      found(
        'warning',
        budget,
        `${why}: a drain of its node, and a restart of a Rollout, wait for ever.`,
        'Use maxUnavailable: 1.',
      ),
    ]
  }),
)

function blocking(input: LintInput, budget: Linted): string | undefined {
  const { maxUnavailable, minAvailable, selector } = budget.object.spec ?? {}
  if (isNone(maxUnavailable)) return `maxUnavailable ${maxUnavailable} never lets a pod go`
  if (minAvailable === '100%') return 'minAvailable 100% never lets a pod go'
  if (typeof minAvailable !== 'number' || minAvailable === 0) return undefined
  const workload = workloadsOf(input).find(
    (one) => covers(selector?.matchLabels, podLabelsOf(one)) && sameNamespace(one.object, budget.object),
  )
  if (!workload) return undefined
  const fewest = fewestReplicas(input, workload)
  if (fewest === 0 || minAvailable < fewest) return undefined
  return `minAvailable ${minAvailable} is all that ${workload.object.kind} ${workload.object.metadata.name} has at its fewest (${fewest})`
}

function isNone(share: number | string | undefined): boolean {
  return share === 0 || share === '0%' || share === '0'
}

export const DISRUPTION = [blocks]
