/** `{{args.name}}` in metrics. */
import type { AnalysisArgument } from '../../types.ts'
import type { Metric } from './types.ts'

/** Values by name; an argument from a secret has what `secret` answers. Throws on one without a value. */
export function argumentValues(
  args: AnalysisArgument[],
  secret: (name: string, key: string) => string,
): Map<string, string> {
  const values = new Map<string, string>()
  for (const { name, value, valueFrom } of args) {
    const { secretKeyRef } = valueFrom ?? {}
    const resolved = secretKeyRef ? secret(secretKeyRef.name, secretKeyRef.key) : value
    if (resolved === undefined) throw new Error(`argument "${name}" was not supplied`)
    values.set(name, resolved)
  }
  return values
}

/** The metric with every `{{args.x}}` replaced, wherever in it; throws on a name that is not there. */
export function resolveMetric(metric: Metric, values: Map<string, string>): Metric {
  return replaceIn(metric, (text) =>
    text.replaceAll(/\{\{([^}]*)\}\}/g, (_whole, tag: string) => {
      const value = values.get(tag.trim().replace(/^args\./, ''))
      if (value === undefined || !tag.trim().startsWith('args.')) {
        throw new Error(`failed to resolve {{${tag}}}`)
      }
      return value
    }),
  )
}

function replaceIn<T>(value: T, replace: (text: string) => string): T {
  if (typeof value === 'string') return replace(value) as T
  if (Array.isArray(value)) return value.map((item) => replaceIn(item, replace)) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceIn(item, replace)])) as T
}
