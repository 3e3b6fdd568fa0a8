/** Names of external metrics, as KEDA derives them from a trigger. */

/** Every character that Kubernetes' metric paths cannot carry becomes a dash. */
export function normalizeName(text: string): string {
  return text.replace(/[/.:%()]/g, '-')
}

/** `s0-rabbitmq-orders`: the index counts all triggers of the ScaledObject. */
export function metricName(triggerIndex: number, name: string): string {
  return `s${triggerIndex}-${name}`
}

/** As Go's url.QueryEscape: blanks become `+`, and more is escaped than encodeURIComponent does. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}
