/** Strategic merge patch: lists merge by the keys that the schema declares, `$` directives steer. */
import { badRequest } from '../../errors.ts'
import type { MergeNode } from '../../schema/types.ts'
import { clone, equal, isRecord, setField } from '../../store/json.ts'
import { byElementOrder } from './element-order.ts'

const DIRECTIVE = '$patch'
const RETAIN_KEYS = '$retainKeys'
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/'
const ELEMENT_ORDER = '$setElementOrder/'

type Fields = Record<string, any>

/** The object with the patch over it. 400 for malformed directives and for items without their merge key. */
export function strategicMergePatch(schema: MergeNode, target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) throw badRequest('a strategic merge patch is an object')
  return mergeObject(schema, isRecord(target) ? target : {}, patch)
}

function mergeObject(schema: MergeNode, target: Fields, patch: Fields): Fields {
  if (patch[DIRECTIVE] === 'replace') return withoutDirectives(patch)
  if (patch[DIRECTIVE] === 'delete') return {}
  if (patch[DIRECTIVE] !== undefined && patch[DIRECTIVE] !== 'merge') {
    throw badRequest(`unable to find api field: unknown patch directive ${JSON.stringify(patch[DIRECTIVE])}`)
  }
  const result = retained({ ...target }, patch[RETAIN_KEYS])
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_PRIMITIVES)) {
      deleteFromPrimitives(result, key.slice(DELETE_PRIMITIVES.length), value)
    }
  }
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) continue
    if (value === null) {
      delete result[field]
      continue
    }
    const before = Object.hasOwn(result, field) ? result[field] : undefined
    const order = patch[`${ELEMENT_ORDER}${field}`]
    const merged = mergeValue(child(schema, field), before, value, order)
    if (merged === undefined) delete result[field]
    else setField(result, field, merged)
  }
  orderUntouchedLists(schema, result, patch)
  return result
}

function mergeValue(schema: MergeNode, before: unknown, patch: unknown, order: unknown): unknown {
  if (isRecord(patch)) {
    if (patch[DIRECTIVE] === 'delete') return undefined
    if (strategies(schema).includes('replace')) return withoutDirectives(patch)
    return mergeObject(schema, isRecord(before) ? before : {}, patch)
  }
  if (!Array.isArray(patch)) return patch
  if (!strategies(schema).includes('merge')) return replacedList(patch)
  const live = Array.isArray(before) ? before : []
  const merged = schema.patchMergeKey
    ? mergeKeyedList(schema, schema.patchMergeKey, live, patch)
    : mergePrimitiveList(live, patch)
  // Without $setElementOrder the patch's own order counts: new items come before those only the server has.
  return byElementOrder(merged, Array.isArray(order) ? order : patch, live, schema.patchMergeKey)
}

/** Items of the patch replace, delete or merge into the items with the same key; new ones are appended. */
function mergeKeyedList(schema: MergeNode, key: string, live: unknown[], patch: unknown[]): unknown[] {
  for (const item of patch) {
    if (isRecord(item) && item[DIRECTIVE] === 'replace' && item[key] === undefined) {
      return patch.filter((other) => other !== item).map((other) => clone(other))
    }
  }
  let result = [...live]
  for (const item of patch) {
    if (!isRecord(item)) throw badRequest(`expected an object with the merge key ${key}`)
    const identity = item[key]
    if (identity === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`)
    }
    const is = (other: unknown) => isRecord(other) && equal(other[key], identity)
    if (item[DIRECTIVE] === 'delete') {
      result = result.filter((other) => !is(other))
      continue
    }
    const at = result.findIndex(is)
    if (at < 0) result.push(mergeObject(schema.items ?? {}, {}, item))
    else if (item[DIRECTIVE] === 'replace') result[at] = withoutDirectives(item)
    else result[at] = mergeObject(schema.items ?? {}, result[at] as Fields, item)
  }
  return result
}

function mergePrimitiveList(live: unknown[], patch: unknown[]): unknown[] {
  const result = [...live]
  for (const item of patch) if (!result.some((other) => equal(other, item))) result.push(clone(item))
  return result
}

/** A list that is replaced whole: directives in its items are carried out on nothing. */
function replacedList(patch: unknown[]): unknown[] {
  return patch
    .filter((item) => !(isRecord(item) && item[DIRECTIVE] === 'delete'))
    .map((item) => (isRecord(item) ? withoutDirectives(item) : clone(item)))
}

function deleteFromPrimitives(result: Fields, field: string, values: unknown): void {
  if (!Array.isArray(values)) throw badRequest(`${DELETE_PRIMITIVES}${field} must be a list`)
  const list = result[field]
  if (!Array.isArray(list)) return
  result[field] = list.filter((item) => !values.some((value) => equal(item, value)))
}

/** $setElementOrder orders a list also when the patch changes nothing in it. */
function orderUntouchedLists(schema: MergeNode, result: Fields, patch: Fields): void {
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(ELEMENT_ORDER)) continue
    const field = key.slice(ELEMENT_ORDER.length)
    if (!Array.isArray(order)) throw badRequest(`${key} must be a list`)
    if (field in patch || !Array.isArray(result[field])) continue
    result[field] = byElementOrder(result[field], order, result[field], child(schema, field).patchMergeKey)
  }
}

function retained(target: Fields, keys: unknown): Fields {
  if (keys === undefined) return target
  if (!Array.isArray(keys)) throw badRequest(`${RETAIN_KEYS} must be a list`)
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)))
}

function withoutDirectives(value: Fields): Fields {
  const fields = Object.entries(value)
    .filter(([key, field]) => !key.startsWith('$') && field !== null)
    .map(([key, field]) => [key, isRecord(field) ? withoutDirectives(field) : clone(field)])
  return Object.fromEntries(fields)
}

function child(schema: MergeNode, field: string): MergeNode {
  const declared = schema.properties
  if (declared && Object.hasOwn(declared, field)) return declared[field]!
  return schema.additionalProperties ?? {}
}

function strategies(schema: MergeNode): string[] {
  return schema.patchStrategy?.split(',') ?? []
}
