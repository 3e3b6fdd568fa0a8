/** Takes paths out of an object (typed.RemoveItems). */
import type { MergeNode } from '../../schema/types.ts'
import { isRecord, setField } from '../../store/json.ts'
import type { FieldSet } from './field-set.ts'
import { fieldNode, isAssociative, isGranular, itemElement, itemNode, UNTYPED } from './schema.ts'

/** A copy of `value` without the paths of `set`; objects and lists that become empty by it go as well. */
export function removeFields(node: MergeNode, value: unknown, set: FieldSet): unknown {
  if (isRecord(value) && isGranular(node)) {
    const left: Record<string, unknown> = {}
    for (const [field, child] of Object.entries(value)) {
      const kept = removeChild(fieldNode(node, field) ?? UNTYPED, child, set.children.get(`f:${field}`))
      if (kept !== undefined) setField(left, field, kept)
    }
    return left
  }
  if (Array.isArray(value) && isAssociative(node)) {
    return value
      .map((item) =>
        keepKeys(node, item, removeChild(itemNode(node), item, set.children.get(itemElement(node, item)))),
      )
      .filter((item) => item !== undefined)
  }
  return value
}

/** An item that stays keeps its identity, whoever owned those fields. */
function keepKeys(node: MergeNode, item: unknown, left: unknown): unknown {
  if (left === item || !isRecord(left) || !isRecord(item)) return left
  const keys = (node.listMapKeys ?? []).filter((key) => item[key] !== undefined)
  return { ...Object.fromEntries(keys.map((key) => [key, item[key]])), ...left }
}

function removeChild(node: MergeNode, child: unknown, set: FieldSet | undefined): unknown {
  if (!set) return child
  if (set.member) return undefined
  const left = removeFields(node, child, set)
  const emptied = typeof left === 'object' && left !== null && Object.keys(left).length === 0
  return emptied ? undefined : left
}
