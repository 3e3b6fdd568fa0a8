/** The one condition of stores and ExternalSecrets, and how their status is written. */
import { isDeepStrictEqual } from 'node:util'
import { rfc3339 } from '../../../lib/clock.ts'
import type { Client } from '../../client.ts'
import type { KubeObject, Resource } from '../../objects.ts'
import type { Condition } from './types.ts'

export const FIELD_MANAGER = 'external-secrets'

/** `conditions` with Ready replaced; lastTransitionTime moves only when the status flips. */
export function withReady(
  conditions: Condition[] | undefined,
  ready: Omit<Condition, 'type' | 'lastTransitionTime'>,
  nowMs: number,
): Condition[] {
  const before = conditions?.find((condition) => condition.type === 'Ready')
  const lastTransitionTime =
    before?.status === ready.status && before.lastTransitionTime ? before.lastTransitionTime : rfc3339(nowMs)
  const others = conditions?.filter((condition) => condition.type !== 'Ready') ?? []
  return [...others, { type: 'Ready', ...ready, lastTransitionTime }]
}

/** Merges `changes` into the status, or writes nothing when they are there already. */
export function patchStatus(
  client: Client,
  resource: Resource,
  { metadata, status = {} }: KubeObject,
  changes: Record<string, unknown>,
): void {
  if (Object.entries(changes).every(([key, value]) => isDeepStrictEqual(status[key], value))) return
  client.patch(
    resource,
    metadata.namespace,
    metadata.name,
    { status: changes },
    {
      type: 'merge',
      subresource: 'status',
      fieldManager: FIELD_MANAGER,
    },
  )
}

/** True when the object's Ready condition is True. */
export function isReady({ status }: KubeObject): boolean {
  return status?.conditions?.some((c: Condition) => c.type === 'Ready' && c.status === 'True') ?? false
}
