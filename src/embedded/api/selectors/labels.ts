/** Label selectors as predicates: what lists, watches and evictions select by. */
import type { LabelSelector } from '../../client.ts'
import { matchesRequirements, parseLabelSelector, requirementsOf } from '../../selectors.ts'

export type LabelPredicate = (labels: Record<string, string> | undefined) => boolean

/** A predicate for a selector; undefined for one that selects everything. 400 if the string cannot be parsed. */
export function labelPredicate(selector: LabelSelector | string | undefined): LabelPredicate | undefined {
  if (selector === undefined) return undefined
  const requirements = typeof selector === 'string' ? parseLabelSelector(selector) : requirementsOf(selector)
  if (requirements.length === 0) return undefined
  return (labels) => matchesRequirements(requirements, labels)
}
