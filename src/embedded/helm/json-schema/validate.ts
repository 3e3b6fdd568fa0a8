/** Checks values against a schema, keyword by keyword in the order of Helm's validator, so that its words come out. */

import { checkArray } from './array.ts'
import type { Schema, SchemaDocument } from './document.ts'
import { type Failure, literal, together } from './failure.ts'
import { checkNumber, checkString } from './limits.ts'
import { checkObject } from './object.ts'
import type { Place, Seen } from './place.ts'
import { equal, TYPE_ORDER, typeName } from './values.ts'

/** undefined: the values fit. Throws a SchemaProblem for a reference into nothing. */
export function validate(document: SchemaDocument, values: unknown): Failure | undefined {
  return check(document, document.root, values, [], new Set(), [])
}

/** What a group holds, or the failure itself. */
function causesOf(failure: Failure | undefined): Failure[] {
  if (!failure) return []
  return !failure.reference && failure.text === 'validation failed' ? failure.causes : [failure]
}

function check(
  document: SchemaDocument,
  schema: Schema,
  value: unknown,
  at: readonly string[],
  seen: Seen,
  /** The schemas that led here for the same value. */
  path: Schema[],
): Failure | undefined {
  if (schema === true) return undefined
  if (schema === false) return { at, text: 'false schema', causes: [] }
  if (path.includes(schema)) return { at, text: 'the references lead in a circle', causes: [] }
  // Before 2019, a reference made everything beside it void.
  const onlyReference = document.draft < 2019 && typeof schema.$ref === 'string'
  const first = onlyReference ? undefined : firstFailure(schema, value)
  if (first !== undefined) return { at, text: first, causes: [] }
  const failures: Failure[] = []
  const place: Place = {
    document,
    schema,
    at,
    seen,
    failures,
    fail: (text, causes = []) => void failures.push({ at, text, causes }),
    add: (failure) => failure && void failures.push(failure),
    self: (other) => {
      const own: Seen = new Set()
      const failure = check(document, other, value, at, own, [...path, schema])
      if (!failure) for (const name of own) seen.add(name)
      return failure
    },
    member: (other, member, name) => check(document, other, member, [...at, name], new Set(), []),
    apart: (other, text) => causesOf(check(document, other, text, [], new Set(), [])),
  }
  if (typeof schema.$ref === 'string') {
    const failure = followed(place, schema.$ref)
    if (onlyReference) return failure
    place.add(failure)
  }
  if (Array.isArray(value)) checkArray(place, value)
  else if (typeof value === 'object' && value !== null) checkObject(place, value as Record<string, unknown>)
  else if (typeof value === 'string') checkString(place, value)
  else if (typeof value === 'number') checkNumber(place, value)
  for (const keyword of ['$recursiveRef', '$dynamicRef']) {
    if (document.draft >= 2019 && typeof schema[keyword] === 'string')
      place.add(followed(place, schema[keyword]))
  }
  checkConditions(place)
  if (document.draft >= 2019) checkUnevaluated(place, value)
  return together(at, failures)
}

/** Type, const and enum: the first that fails is all that is said. */
function firstFailure(schema: { readonly [keyword: string]: any }, value: unknown): string | undefined {
  if (schema.type !== undefined) {
    const wanted: string[] = [schema.type].flat()
    const type = typeName(value)
    const matches = wanted.includes(type) || (wanted.includes('integer') && Number.isInteger(value))
    const inOrder = TYPE_ORDER.filter((name) => wanted.includes(name))
    if (!matches) return `got ${type}, want ${inOrder.join(' or ')}`
  }
  if ('const' in schema && !equal(value, schema.const)) return namely([schema.const], 'const')
  if (Array.isArray(schema.enum) && !schema.enum.some((item) => equal(value, item)))
    return namely(schema.enum, 'enum')
  return undefined
}

function namely(wanted: unknown[], keyword: string): string {
  if (wanted.some((item) => typeof item === 'object' && item !== null)) return `'${keyword}' failed`
  return `value must be ${wanted.length === 1 ? '' : 'one of '}${wanted.map(literal).join(', ')}`
}

function followed(place: Place, ref: string): Failure | undefined {
  const failure = place.self(place.document.resolve(ref, place.schema))
  if (!failure) return undefined
  return { at: place.at, text: 'validation failed', causes: causesOf(failure), reference: true }
}

function checkConditions(place: Place): void {
  const { schema } = place
  const failuresOf = (schemas: Schema[]) => schemas.flatMap((each) => place.self(each) ?? [])
  if (schema.not !== undefined && !place.self(schema.not)) place.fail("'not' failed")
  if (Array.isArray(schema.allOf)) {
    const failures = failuresOf(schema.allOf)
    if (failures.length > 0) place.fail("'allOf' failed", failures)
  }
  if (Array.isArray(schema.anyOf)) {
    const failures = failuresOf(schema.anyOf)
    if (failures.length === schema.anyOf.length) place.fail("'anyOf' failed", failures)
  }
  if (Array.isArray(schema.oneOf)) checkOneOf(place, schema.oneOf)
  if (schema.if !== undefined) {
    const branch = place.self(schema.if) ? schema.else : schema.then
    if (branch !== undefined) place.add(place.self(branch))
  }
}

function checkOneOf(place: Place, schemas: Schema[]): void {
  const results = schemas.map((each) => place.self(each))
  const matched = results.flatMap((failure, i) => (failure ? [] : [i]))
  if (matched.length > 1) place.fail(`'oneOf' failed, subschemas ${matched.slice(0, 2).join(', ')} matched`)
  if (matched.length === 0) {
    place.fail(
      "'oneOf' failed, none matched",
      results.flatMap((failure) => failure ?? []),
    )
  }
}

function checkUnevaluated(place: Place, value: unknown): void {
  const { schema, seen } = place
  const keyword = Array.isArray(value) ? 'unevaluatedItems' : 'unevaluatedProperties'
  if (schema[keyword] === undefined || typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    if (!seen.has(name)) place.add(place.member(schema[keyword], member, name))
    seen.add(name)
  }
}
