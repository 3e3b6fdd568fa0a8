/** managedFields, decoded to one set of paths per manager, and back. */
import { badRequest } from '../../errors.ts'
import type { ManagedFieldsEntry } from '../../objects.ts'
import { isRecord } from '../../store/json.ts'
import { emptySet, type FieldSet, fromFieldsV1, isEmpty, sameSet, toFieldsV1, union } from './field-set.ts'

/** Who wrote, and how: together they tell one entry from another. */
export interface Identity {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  subresource?: string
}

export interface Manager extends Identity {
  fields: FieldSet
  time?: string
}

export type Managers = Map<string, Manager>

export function identityKey({ manager, operation, apiVersion, subresource = '' }: Identity): string {
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource])
}

/** Reads managedFields; 400 when an entry is not one. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers {
  const managers: Managers = new Map()
  for (const entry of entries ?? []) {
    if (!isRecord(entry) || (entry.operation !== 'Apply' && entry.operation !== 'Update')) {
      throw badRequest('metadata.managedFields: invalid entry: operation must be Apply or Update')
    }
    const { fieldsType: _, fieldsV1, ...identity } = entry
    managers.set(identityKey(identity), { ...identity, fields: fromFieldsV1(fieldsV1 ?? {}) })
  }
  return managers
}

const MAX_UPDATE_MANAGERS = 10
const ANCIENT = 'ancient-changes'

/** Writes managedFields: Apply entries first, then by time and manager; the oldest of many Updates merged. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] {
  return cap([...managers.values()].filter(({ fields }) => !isEmpty(fields)))
    .sort(order)
    .map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
      manager,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1' as const,
      fieldsV1: toFieldsV1(fields),
      ...(subresource ? { subresource } : {}),
    }))
}

/** The sets of `managers`, all together. */
export function allFields(managers: Managers): FieldSet {
  return [...managers.values()].reduce((all, { fields }) => union(all, fields), emptySet())
}

/** Gives `after` its times: an entry whose set did not change keeps the time it had, others are of `now`. */
export function stampTimes(before: Managers, after: Managers, now: string): void {
  for (const [key, manager] of after) {
    const old = before.get(key)
    manager.time = old?.time !== undefined && sameSet(old.fields, manager.fields) ? old.time : now
  }
}

function order(a: Manager, b: Manager): number {
  if (a.operation !== b.operation) return a.operation === 'Apply' ? -1 : 1
  return compare(a.time ?? '', b.time ?? '') || compare(a.manager, b.manager)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function cap(managers: Manager[]): Manager[] {
  const updates = managers.filter(({ operation }) => operation === 'Update')
  if (updates.length <= MAX_UPDATE_MANAGERS) return managers
  const oldest = updates.sort(order).slice(0, updates.length - MAX_UPDATE_MANAGERS + 1)
  const merged = new Map<string, Manager>()
  for (const { apiVersion, fields, time } of oldest) {
    const same = merged.get(apiVersion)
    merged.set(apiVersion, {
      manager: ANCIENT,
      operation: 'Update',
      apiVersion,
      fields: same ? union(same.fields, fields) : fields,
      ...(time === undefined ? {} : { time }),
    })
  }
  return [...managers.filter((manager) => !oldest.includes(manager)), ...merged.values()]
}
