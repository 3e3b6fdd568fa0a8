/** Whether a pod wants, and may have, a node: selectors, affinity, taints. */
import type { KubeObject } from '../../objects.ts'
import { matchesRequirements, type Operator } from '../../selectors.ts'
import type { Pod } from '../shared/pods.ts'

/** nodeSelector and required node affinity. */
export function matchesNode(pod: Pod, node: KubeObject): boolean {
  const labels = node.metadata.labels ?? {}
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (!required) return selected
  return selected && (required.nodeSelectorTerms ?? []).some((term: any) => matchesTerm(term, node))
}

const OPERATORS: Record<string, Operator> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
}

/** An empty term matches nothing. */
function matchesTerm(term: any, node: KubeObject): boolean {
  const byLabel = term.matchExpressions ?? []
  const byField = term.matchFields ?? []
  if (byLabel.length + byField.length === 0) return false
  const fields = { 'metadata.name': node.metadata.name }
  return (
    matchesRequirements(byLabel.map(requirement), node.metadata.labels) &&
    matchesRequirements(byField.map(requirement), fields)
  )
}

function requirement({ key, operator, values }: any) {
  return { key, operator: OPERATORS[operator] ?? 'in', values: values ?? [] }
}

/** The first taint that keeps the pod away, as the scheduler prints it: `{key: value}`. */
export function untolerated(pod: Pod, node: KubeObject): string | undefined {
  const taint = (node.spec?.taints ?? []).find(
    (one: any) =>
      (one.effect === 'NoSchedule' || one.effect === 'NoExecute') &&
      !(pod.spec.tolerations ?? []).some((toleration: any) => tolerates(toleration, one)),
  )
  return taint && `{${taint.key}: ${taint.value ?? ''}}`
}

function tolerates(toleration: any, taint: any): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  if (toleration.operator === 'Exists') return true
  return Boolean(toleration.key) && (toleration.value ?? '') === (taint.value ?? '')
}
