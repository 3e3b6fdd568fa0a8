/** Status writes as merge patches of what changed: what clients patch meanwhile is left alone. */
import type { KubeObject } from '../../../objects.ts'
import type { Change } from '../../runtime/changes.ts'
import { compact, sameJson } from '../../shared/json.ts'
import { ROLLOUTS } from '../names.ts'
import type { RolloutStatus } from '../types.ts'

/** One patch of /status that turns the stored status into this one; none when they agree. */
export function statusPatch(rollout: KubeObject, status: RolloutStatus): Change[] {
  // What a client wrote as false or empty says the same as nothing: it is left alone.
  const difference = mergeDifference(omitZeroes(rollout.status ?? {}), compact(omitZeroes(status)))
  if (!difference) return []
  const { namespace, name } = rollout.metadata
  const patch = { status: difference }
  return [{ verb: 'patch', resource: ROLLOUTS, namespace, name, patch, subresource: 'status' }]
}

/** How Go's omitempty writes a status: no zero counters, false flags, empty texts or empty lists. */
function omitZeroes(status: RolloutStatus): RolloutStatus {
  const kept = Object.entries(status).filter(
    ([key, value]) =>
      key === 'currentStepIndex' ||
      !(value === 0 || value === false || value === '' || (Array.isArray(value) && value.length === 0)),
  )
  return Object.fromEntries(kept) as RolloutStatus
}

/** The merge patch from one object to another; undefined when they are equal. Lists change as a whole. */
export function mergeDifference(before: any, after: any): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (after[key] === undefined) patch[key] = null
    else if (isPlain(before[key]) && isPlain(after[key])) {
      const inner = mergeDifference(before[key], after[key])
      if (inner) patch[key] = inner
    } else if (!sameJson(before[key], after[key])) patch[key] = after[key]
  }
  return Object.keys(patch).length > 0 ? patch : undefined
}

function isPlain(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
