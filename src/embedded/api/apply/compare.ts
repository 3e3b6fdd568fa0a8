/** What changed between two states of an object, as sets of paths (typed.Compare). */
import type { MergeNode } from '../../schema/types.ts'
import { equal, isRecord } from '../../store/json.ts'
import { emptySet, type FieldSet, insert, union } from './field-set.ts'
import { fieldNode, isAssociative, isGranular, itemElement, itemNode, UNTYPED } from './schema.ts'

export interface Comparison {
  added: FieldSet
  modified: FieldSet
  removed: FieldSet
}

/** Compares two states. Parts that are the same frozen snapshot are passed over at once. */
export function compareObjects(node: MergeNode, before: unknown, after: unknown): Comparison {
  const found = { added: emptySet(), modified: emptySet(), removed: emptySet() }
  walk(node, before, after, [], found)
  return found
}

/** Paths that an Update gives to its manager. */
export function writtenFields(comparison: Comparison): FieldSet {
  return union(comparison.added, comparison.modified)
}

function walk(node: MergeNode, before: unknown, after: unknown, path: string[], found: Comparison): void {
  if (before === after) return
  if (isGranular(node) && isContainer(before, after, isRecord) && !bothEmpty(before, after)) {
    whole(before, after, path, found)
    const left = (before ?? {}) as Record<string, unknown>
    const right = (after ?? {}) as Record<string, unknown>
    for (const field of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const below = fieldNode(node, field) ?? UNTYPED
      walk(below, own(left, field), own(right, field), [...path, `f:${field}`], found)
    }
    return
  }
  if (isAssociative(node) && isContainer(before, after, Array.isArray) && !bothEmpty(before, after)) {
    whole(before, after, path, found)
    const left = index(node, before)
    const right = index(node, after)
    for (const element of new Set([...left.keys(), ...right.keys()])) {
      walk(itemNode(node), left.get(element), right.get(element), [...path, element], found)
    }
    return
  }
  if (before === undefined) insert(found.added, path)
  else if (after === undefined) insert(found.removed, path)
  else if (!equal(before, after)) insert(found.modified, path)
}

/** A container that came or went is a path of its own, beside what it holds. */
function whole(before: unknown, after: unknown, path: string[], found: Comparison): void {
  if (path.length === 0) return
  if (before === undefined) insert(found.added, path)
  else if (after === undefined) insert(found.removed, path)
}

function isContainer(before: unknown, after: unknown, is: (value: unknown) => boolean): boolean {
  const fits = (value: unknown) => value === undefined || value === null || is(value)
  return fits(before) && fits(after) && (is(before) || is(after))
}

function bothEmpty(before: unknown, after: unknown): boolean {
  const empty = (value: unknown) => value === undefined || value === null || Object.keys(value).length === 0
  return empty(before) && empty(after)
}

function own(object: Record<string, unknown>, field: string): unknown {
  return Object.hasOwn(object, field) ? object[field] : undefined
}

function index(node: MergeNode, list: unknown): Map<string, unknown> {
  const items = Array.isArray(list) ? list : []
  return new Map(items.map((item) => [itemElement(node, item), item]))
}
