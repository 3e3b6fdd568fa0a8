/** Conditions of an Application: they have no status; one that is listed is active. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { AppCondition } from './types.ts'

/**
 * `current` with those of the evaluated types replaced by `found`, sorted by type and message. A condition with
 * the same message keeps its time.
 */
export function replaceConditions(
  current: AppCondition[],
  evaluated: ReadonlySet<string>,
  found: AppCondition[],
  nowMs: number,
): AppCondition[] {
  const kept = current.filter(({ type }) => !evaluated.has(type))
  const fresh = found.map(({ type, message }) => {
    const same = current.find((each) => each.type === type && each.message === message)
    return { type, message, lastTransitionTime: same?.lastTransitionTime ?? rfc3339(nowMs) }
  })
  const text = ({ type, message }: AppCondition) => `${type}\0${message}`
  return [...kept, ...fresh].sort((a, b) => (text(a) < text(b) ? -1 : 1))
}

/** Types that stop a sync. */
const BLOCKING = new Set(['ComparisonError', 'InvalidSpecError', 'UnknownError'])

/** `Type: message;Type: message` of the conditions that stop a sync; undefined when none does. */
export function blockers(conditions: AppCondition[]): string | undefined {
  const blocking = conditions.filter(({ type }) => BLOCKING.has(type))
  return blocking.length > 0
    ? blocking.map(({ type, message }) => `${type}: ${message}`).join(';')
    : undefined
}
