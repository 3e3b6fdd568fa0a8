/** Who owns which field after a create, update or patch: managers of operation Update. */
import type { KubeObject, ManagedFieldsEntry } from '../../objects.ts'
import type { MergeNode } from '../../schema/types.ts'
import { compareObjects, writtenFields } from './compare.ts'
import { difference, emptySet, isEmpty, union } from './field-set.ts'
import { decodeManagers, encodeManagers, type Identity, identityKey, stampTimes } from './managers.ts'
import { strip } from './strip.ts'

export interface TrackOptions {
  schema: MergeNode
  identity: Identity
  hasStatus: boolean
  /** RFC 3339 time of the write. */
  now: string
}

/** managedFields of a new object: its creator owns all of it. `live`: what an empty object of the type has. */
export function trackCreate(object: KubeObject, live: object, options: TrackOptions): ManagedFieldsEntry[] {
  return track(live as KubeObject, object, [], options)
}

/**
 * managedFields after an update from `old` to `object`. The manager takes the fields that it changed, every
 * other manager loses them. `given`: what the client sent as managedFields; `[{}]` ends the tracking.
 */
export function trackUpdate(
  old: KubeObject,
  object: KubeObject,
  given: readonly ManagedFieldsEntry[] | undefined,
  options: TrackOptions,
): ManagedFieldsEntry[] {
  if (given?.length === 1 && Object.keys(given[0]!).length === 0) return []
  const entries = given?.length ? given : (old.metadata.managedFields ?? [])
  // Objects without managedFields stay without until the first apply.
  if (entries.length === 0) return []
  return track(old, object, entries, options)
}

function track(
  old: KubeObject,
  object: KubeObject,
  entries: readonly ManagedFieldsEntry[],
  { schema, identity, hasStatus, now }: TrackOptions,
): ManagedFieldsEntry[] {
  const before = decodeManagers(entries)
  const comparison = compareObjects(schema, old, object)
  const written = writtenFields(comparison)
  const lost = union(written, comparison.removed)
  const after = new Map(before)
  for (const [key, manager] of before) {
    after.set(key, { ...manager, fields: difference(manager.fields, lost) })
  }
  const key = identityKey(identity)
  const mine = before.get(key)?.fields ?? emptySet()
  const fields = union(difference(mine, comparison.removed), written)
  after.set(key, { ...identity, fields: strip(fields, identity.subresource, hasStatus) })
  stampTimes(before, after, now)
  // A changed value counts, too, where the set of fields stays the same.
  if (!isEmpty(strip(written, identity.subresource, hasStatus))) after.get(key)!.time = now
  return encodeManagers(after)
}
