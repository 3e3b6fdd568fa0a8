/** Status writes that happen only when the status changed, so that a settled cluster writes nothing. */
import type { KubeObject, Resource } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { compact, sameJson } from './json.ts'

/** One updateStatus change, or none when `status` says what the object's status says already. */
export function statusChanges(resource: Resource, object: KubeObject, status: unknown): Change[] {
  if (sameJson(object.status ?? {}, status)) return []
  return [{ verb: 'updateStatus', resource, object: { ...object, status: compact(status) } }]
}

/** The count, or undefined for zero: how Go's omitempty writes a counter. */
export function countOrOmit(count: number): number | undefined {
  return count === 0 ? undefined : count
}
