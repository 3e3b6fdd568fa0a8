/** The keywords of arrays. */
import type { Schema } from './document.ts'
import type { Failure } from './failure.ts'
import { countText } from './failure.ts'
import { checkCount } from './limits.ts'
import type { Place } from './place.ts'
import { equal } from './values.ts'

export function checkArray(place: Place, array: unknown[]): void {
  const { schema } = place
  checkCount(place, 'Items', array.length)
  if (schema.uniqueItems === true) checkUnique(place, array)
  const { inOrder, rest, restName } = itemSchemas(place)
  const member = (each: Schema, i: number) => {
    place.seen.add(String(i))
    place.add(place.member(each, array[i], String(i)))
  }
  const fixed = Math.min(inOrder.length, array.length)
  for (let i = 0; i < fixed; i++) member(inOrder[i]!, i)
  if (rest === false && restName === 'additionalItems') {
    if (fixed < array.length)
      place.fail(`last ${countText(array.length - fixed)} additionalItem(s) not allowed`)
  } else if (rest !== undefined) {
    for (let i = fixed; i < array.length; i++) member(rest, i)
  }
  if (schema.contains !== undefined) checkContains(place, array)
}

/** Schemas for the first items, one each, and for those after them; the dialects name them differently. */
function itemSchemas({ schema, document }: Place): { inOrder: Schema[]; rest?: Schema; restName: string } {
  if (document.draft >= 2020)
    return { inOrder: schema.prefixItems ?? [], rest: schema.items, restName: 'items' }
  if (Array.isArray(schema.items))
    return { inOrder: schema.items, rest: schema.additionalItems, restName: 'additionalItems' }
  return { inOrder: [], rest: schema.items, restName: 'items' }
}

function checkUnique(place: Place, array: unknown[]): void {
  for (let i = 1; i < array.length; i++) {
    const twin = array.slice(0, i).findIndex((other) => equal(other, array[i]))
    if (twin < 0) continue
    place.fail(`items at ${countText(twin)} and ${countText(i)} are equal`)
    return
  }
}

function checkContains(place: Place, array: unknown[]): void {
  const { contains, minContains, maxContains } = place.schema
  const failures: Failure[] = []
  const matched: number[] = []
  array.forEach((item, i) => {
    const failure = place.member(contains, item, String(i))
    if (failure) failures.push(failure)
    else matched.push(i)
  })
  if (place.document.draft >= 2020) for (const i of matched) place.seen.add(String(i))
  const found = `matched ${matched.length} items at ${matched.join(' ')}`
  if (typeof minContains === 'number') {
    const none = matched.length === 0
    if (matched.length < minContains) {
      const but = none ? 'none matched' : found
      place.fail(`min ${minContains} items required to match contains schema, but ${but}`, failures)
    }
  } else if (matched.length === 0) {
    place.fail('no items match contains schema', failures)
  }
  if (typeof maxContains === 'number' && matched.length > maxContains)
    place.fail(`max ${maxContains} items required to match contains schema, but ${found}`)
}
