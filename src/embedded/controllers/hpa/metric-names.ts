/** Metric names and selectors as the real controller prints them in conditions and events. */

/** Go's `%+v` of a *metav1.LabelSelector. */
export function printSelector(selector: any): string {
  if (selector === undefined || selector === null) return 'nil'
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`)
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }: any) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  )
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`
}

export function externalName(metric: any): string {
  return `external metric ${metric.name}(${printSelector(metric.selector)})`
}
