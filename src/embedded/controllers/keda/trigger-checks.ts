/** What the triggers of a ScaledObject must satisfy before any scaler is built. */
import type { Trigger } from './types.ts'

/** Measured by the HPA itself, not by KEDA. */
export const isResourceTrigger = ({ type }: Pick<Trigger, 'type'>) => type === 'cpu' || type === 'memory'

/** What is wrong with the triggers; undefined when nothing is. */
export function triggersError(triggers: Trigger[]): string | undefined {
  if (triggers.length === 0) return 'no triggers defined in the ScaledObject/ScaledJob'
  const names = new Set<string>()
  for (const { type, name, useCachedMetrics } of triggers) {
    if (useCachedMetrics && ['cpu', 'memory', 'cron'].includes(type)) {
      return `property "useCachedMetrics" is not supported for "${type}" scaler`
    }
    if (!name) continue
    if (names.has(name)) {
      return `triggerName "${name}" is defined multiple times in the ScaledObject/ScaledJob, but it must be unique`
    }
    names.add(name)
  }
  return undefined
}

/** Unique and comma-joined, in trigger order, for the printer columns. */
export function triggerSummaries(triggers: Trigger[]): {
  triggersTypes: string
  authenticationsTypes: string
} {
  const unique = (values: string[]) => [...new Set(values)].join(',')
  return {
    triggersTypes: unique(triggers.map((trigger) => trigger.type)),
    authenticationsTypes: unique(
      triggers.flatMap((trigger) =>
        trigger.authenticationRef?.name ? [trigger.authenticationRef.name] : [],
      ),
    ),
  }
}
