/** The set of paths that an applied configuration consists of (typed.ToFieldSet), checked against the schema. */
import { ApiError } from '../../errors.ts'
import type { MergeNode } from '../../schema/types.ts'
import { isRecord } from '../../store/json.ts'
import { emptySet, type FieldSet, formatPath, insert } from './field-set.ts'
import { fieldNode, isAssociative, isGranular, itemElement, itemNode } from './schema.ts'

/**
 * The leaves of `value`, its list items and its empty objects.
 * Throws (500 without a reason, as the real server) for fields that the schema lacks and duplicate list keys;
 * `what` names the object in the message.
 */
export function extractFields(node: MergeNode, value: unknown, what: string): FieldSet {
  const set = emptySet()
  walk(node, value, [], set, what)
  return set
}

function walk(node: MergeNode, value: unknown, path: string[], set: FieldSet, what: string): void {
  if (isRecord(value) && isGranular(node)) {
    const fields = Object.entries(value)
    if (fields.length === 0 && path.length > 0) insert(set, path)
    for (const [field, child] of fields) {
      const below = fieldNode(node, field)
      if (!below) throw untyped(what, `${formatPath([...path, `f:${field}`])}: field not declared in schema`)
      walk(below, child, [...path, `f:${field}`], set, what)
    }
    return
  }
  if (Array.isArray(value) && isAssociative(node)) {
    if (value.length === 0) insert(set, path)
    const seen = new Set<string>()
    for (const item of value) {
      const element = itemElement(node, item)
      if (seen.has(element)) {
        throw untyped(what, `${formatPath(path)}: duplicate entries for key ${formatPath([element])}`)
      }
      seen.add(element)
      const below = [...path, element]
      insert(set, below)
      if (node.listType === 'map') walk(itemNode(node), item, below, set, what)
    }
    return
  }
  insert(set, path)
}

function untyped(what: string, why: string): ApiError {
  return new ApiError(500, '', `failed to create typed patch object (${what}): ${why}`)
}
