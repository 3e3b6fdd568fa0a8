/** What `kubectl apply` makes of an object: the target laid over the live state, minus what the last apply had. */
import type { MergeNode } from '../../../schema/types.ts'
import { clone, equal, isRecord } from '../../../store/json.ts'

type Fields = Record<string, unknown>

/**
 * The live object after an apply of `target`, when `original` was applied last. Lists merge by the keys that the
 * schema declares; without a schema (custom resources) they are replaced whole.
 */
export function threeWayMerge(
  schema: MergeNode | undefined,
  original: unknown,
  target: unknown,
  live: unknown,
): any {
  return mergeObject(schema ?? {}, recordOf(original), recordOf(target), recordOf(live))
}

function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {}
}

function mergeObject(schema: MergeNode, original: Fields, target: Fields, live: Fields): Fields {
  const result: Fields = {}
  const retained = strategies(schema).includes('retainKeys')
  for (const [field, value] of Object.entries(live)) {
    const wanted = Object.hasOwn(target, field) && target[field] !== undefined && target[field] !== null
    if (wanted) continue
    const dropped = retained || Object.hasOwn(original, field) || target[field] === null
    if (!dropped) result[field] = clone(value)
  }
  for (const [field, value] of Object.entries(target)) {
    if (value === null || value === undefined) continue
    result[field] = mergeValue(child(schema, field), original[field], value, live[field])
  }
  return result
}

function mergeValue(schema: MergeNode, original: unknown, target: unknown, live: unknown): unknown {
  if (isRecord(target)) {
    if (strategies(schema).includes('replace')) return clone(target)
    return mergeObject(schema, recordOf(original), target, recordOf(live))
  }
  if (!Array.isArray(target) || !strategies(schema).includes('merge')) return clone(target)
  const before = Array.isArray(original) ? original : []
  const current = Array.isArray(live) ? live : []
  return schema.patchMergeKey
    ? mergeKeyed(schema, schema.patchMergeKey, before, target, current)
    : mergePrimitives(before, target, current)
}

/** The target's items in its order; items that only the server has stay behind the item they followed. */
function mergeKeyed(
  schema: MergeNode,
  key: string,
  original: unknown[],
  target: unknown[],
  live: unknown[],
): unknown[] {
  // retainKeys is declared on the list and means its items.
  const item: MergeNode = strategies(schema).includes('retainKeys')
    ? { ...schema.items, patchStrategy: 'retainKeys' }
    : (schema.items ?? {})
  const find = (list: unknown[], identity: unknown) =>
    list.find((other) => isRecord(other) && equal(other[key], identity))
  const result = target.map((wanted) => {
    const identity = isRecord(wanted) ? wanted[key] : undefined
    return mergeObject(
      item,
      recordOf(find(original, identity)),
      recordOf(wanted),
      recordOf(find(live, identity)),
    )
  })
  for (const [at, only] of live.entries()) {
    if (!isRecord(only) || find(target, only[key]) || find(original, only[key])) continue
    const previous = live[at - 1]
    const after = isRecord(previous) ? result.findIndex((other) => equal(other[key], previous[key])) : -1
    result.splice(after < 0 && at > 0 ? result.length : after + 1, 0, clone(only))
  }
  return result
}

function mergePrimitives(original: unknown[], target: unknown[], live: unknown[]): unknown[] {
  const own = live.filter((item) => !target.some((other) => equal(other, item)))
  return [...target, ...own.filter((item) => !original.some((other) => equal(other, item)))]
}

function child(schema: MergeNode, field: string): MergeNode {
  const declared = schema.properties
  if (declared && Object.hasOwn(declared, field)) return declared[field]!
  return schema.additionalProperties ?? {}
}

function strategies(schema: MergeNode): string[] {
  return schema.patchStrategy?.split(',') ?? []
}
