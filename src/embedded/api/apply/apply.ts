/** Server-side apply: merge, prune what this manager no longer applies, and refuse what others own. */
import { ApiError } from '../../errors.ts'
import type { KubeObject, ManagedFieldsEntry } from '../../objects.ts'
import type { MergeNode } from '../../schema/types.ts'
import { clone } from '../../store/json.ts'
import { compareObjects, writtenFields } from './compare.ts'
import { extractFields } from './extract.ts'
import {
  difference,
  emptySet,
  type FieldSet,
  formatPath,
  intersection,
  isEmpty,
  paths,
  union,
} from './field-set.ts'
import { ignoredByLastApplied } from './last-applied.ts'
import {
  allFields,
  decodeManagers,
  encodeManagers,
  type Identity,
  identityKey,
  type Manager,
  type Managers,
  stampTimes,
} from './managers.ts'
import { mergeApplied } from './merge.ts'
import { removeFields } from './remove.ts'
import { strip } from './strip.ts'

export interface ApplyOptions {
  schema: MergeNode
  identity: Identity
  hasStatus: boolean
  force: boolean
  now: string
  /** `ns/n; apps/v1, Kind=Deployment`, for messages. */
  what: string
}

export interface Applied {
  object: KubeObject
  managedFields: ManagedFieldsEntry[]
}

/**
 * Applies `config` to `live` (for a creation: an empty object of the type).
 * Throws 409 with a FieldManagerConflict cause per field that another manager owns, unless forced.
 */
export function applyConfiguration(live: KubeObject, config: KubeObject, options: ApplyOptions): Applied {
  const { schema, identity, hasStatus } = options
  const before = managersOf(live, options)
  const key = identityKey(identity)
  const last = before.get(key)?.fields ?? emptySet()
  const mine = strip(extractFields(schema, config, options.what), identity.subresource, hasStatus)
  const after: Managers = new Map(before)
  after.set(key, { ...identity, fields: mine })

  const merged = clone(mergeApplied(schema, live, config)) as KubeObject
  const pruned = removeFields(schema, merged, unowned(last, allFields(after))) as KubeObject
  settle(live, pruned, key, after, options)
  stampTimes(before, after, options.now)
  return { object: pruned, managedFields: encodeManagers(after) }
}

/** Conflicts of the change with other managers; without any (or forced), takes the fields from them. */
function settle(
  live: KubeObject,
  object: KubeObject,
  key: string,
  managers: Managers,
  { schema, force, identity }: ApplyOptions,
): void {
  const comparison = compareObjects(schema, live, object)
  const written = writtenFields(comparison)
  const conflicts: [Manager, FieldSet][] = []
  const ignored = ignoredByLastApplied(schema, live, identity)
  for (const [other, manager] of managers) {
    if (other === key) continue
    const contested = difference(intersection(manager.fields, written), ignored)
    if (!isEmpty(contested)) conflicts.push([manager, contested])
  }
  if (conflicts.length > 0 && !force) throw conflictError(conflicts)
  const lost = union(written, comparison.removed)
  for (const [other, manager] of managers) {
    if (other !== key) managers.set(other, { ...manager, fields: difference(manager.fields, lost) })
  }
}

/** Paths of `set` that no owner holds, nor anything below them. */
function unowned(set: FieldSet, owners: FieldSet | undefined): FieldSet {
  if (!owners) return set
  const children = new Map<string, FieldSet>()
  for (const [element, child] of set.children) {
    const left = unowned(child, owners.children.get(element))
    if (!isEmpty(left)) children.set(element, left)
  }
  return { member: false, children }
}

/** The live object's managers; fields of an object that was never tracked belong to `before-first-apply`. */
function managersOf(live: KubeObject, options: ApplyOptions): Managers {
  const managers = decodeManagers(live.metadata?.managedFields)
  if (managers.size > 0 || !live.metadata?.uid) return managers
  const identity: Identity = {
    manager: 'before-first-apply',
    operation: 'Update',
    apiVersion: options.identity.apiVersion,
  }
  const { added } = compareObjects(options.schema, {}, live)
  managers.set(identityKey(identity), { ...identity, fields: strip(added, undefined, options.hasStatus) })
  return managers
}

function conflictError(conflicts: [Manager, FieldSet][]): ApiError {
  const all = conflicts.flatMap(([manager, set]) => {
    const who = describe(manager)
    return [...paths(set)].map((path) => ({ who, field: formatPath(path) }))
  })
  const byManager = Map.groupBy(all, ({ who }) => who)
  const many = all.length > 1
  const texts = [...byManager].map(([who, fields]) =>
    many
      ? `conflicts with ${who}:\n${fields.map(({ field }) => `- ${field}`).join('\n')}`
      : `conflict with ${who}: ${fields[0]!.field}`,
  )
  const count = many ? `${all.length} conflicts` : '1 conflict'
  return new ApiError(409, 'Conflict', `Apply failed with ${count}: ${texts.join('\n')}`, {
    causes: all.map(({ who, field }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${who}`,
      field,
    })),
  })
}

function describe({ manager, operation, apiVersion, subresource }: Manager): string {
  const through = subresource ? ` with subresource "${subresource}"` : ''
  return operation === 'Apply' ? `"${manager}"${through}` : `"${manager}"${through} using ${apiVersion}`
}
