/** Checks a custom object against its schema, with the texts of kube-openapi's validator. */
import { equalJson } from '../equal.ts'
import { child, index } from '../field-path.ts'
import { isObject, type Schema, valueSchema } from '../schema.ts'
import type { FieldError } from '../types.ts'
import { duplicate, invalid, notSupported, required, tooLong, tooMany } from './field-errors.ts'
import { formatMatches } from './formats.ts'
import { matchesPattern } from './pattern.ts'

/** Composite errors carry no field: upstream prints this in its place. */
const NO_FIELD = '<nil>'

/**
 * Errors of `value` at `path`. `old` is the value before an update: a part that did not change is not checked
 * again, so that a stricter schema does not lock objects that exist (CRD validation ratcheting).
 */
export function valueErrors(schema: Schema, value: unknown, path: string, old?: unknown): FieldError[] {
  if (old !== undefined && equalJson(value, old)) return []
  const mistyped = typeError(schema, value, path)
  if (mistyped) return [mistyped]
  if (value === null) return []
  const errors = [...enumErrors(schema, value, path), ...compositionErrors(schema, value, path)]
  if (typeof value === 'string') errors.push(...textErrors(schema, value, path))
  if (typeof value === 'number') errors.push(...numberErrors(schema, value, path))
  if (Array.isArray(value)) errors.push(...listErrors(schema, value, path, old))
  if (isObject(value)) errors.push(...objectErrors(schema, value, path, old))
  return errors
}

function typeError(schema: Schema, value: unknown, path: string): FieldError | undefined {
  const actual = jsonType(value)
  const allowed = schema['x-kubernetes-int-or-string']
    ? ['integer', 'string']
    : schema.type
      ? [schema.type]
      : []
  if (!allowed.length || allowed.includes(actual)) return undefined
  if (value === null && schema.nullable) return undefined
  if (actual === 'integer' && schema.type === 'number') return undefined
  const quoted = JSON.stringify(actual)
  const detail = `${path} in body must be of type ${allowed.join(',')}: ${quoted}`
  return { type: 'TypeInvalid', field: path, detail, badValue: actual }
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function enumErrors(schema: Schema, value: unknown, path: string): FieldError[] {
  if (!schema.enum || schema.enum.some((allowed) => equalJson(allowed, value))) return []
  return [notSupported(path, value, schema.enum)]
}

function textErrors(schema: Schema, value: string, path: string): FieldError[] {
  const errors: FieldError[] = []
  const length = [...value].length
  if (schema.maxLength !== undefined && length > schema.maxLength)
    errors.push(tooLong(path, value, schema.maxLength))
  if (schema.minLength !== undefined && length < schema.minLength) {
    errors.push(invalid(path, value, `${path} in body should be at least ${schema.minLength} chars long`))
  }
  if (schema.pattern !== undefined && !matchesPattern(schema.pattern, value)) {
    errors.push(invalid(path, value, `${path} in body should match '${schema.pattern}'`))
  }
  if (schema.format && !formatMatches(schema.format, value)) {
    errors.push(
      invalid(path, value, `${path} in body must be of type ${schema.format}: ${JSON.stringify(value)}`),
    )
  }
  return errors
}

function numberErrors(schema: Schema, value: number, path: string): FieldError[] {
  const fail = (what: string) => invalid(path, value, `${path} in body should be ${what}`)
  const { minimum, maximum, multipleOf } = schema
  const errors: FieldError[] = []
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
    errors.push(fail(`less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`))
  }
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
    errors.push(fail(`greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`))
  }
  if (multipleOf && !Number.isInteger(value / multipleOf)) errors.push(fail(`a multiple of ${multipleOf}`))
  return errors
}

function listErrors(schema: Schema, value: unknown[], path: string, old: unknown): FieldError[] {
  const errors: FieldError[] = []
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    errors.push(tooMany(path, value.length, schema.maxItems))
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    errors.push(invalid(path, value.length, `${path} in body should have at least ${schema.minItems} items`))
  }
  errors.push(...duplicateErrors(schema, value, path))
  const { items } = schema
  if (!items) return errors
  value.forEach((item, position) => {
    errors.push(...valueErrors(items, item, index(path, position), correlated(schema, item, old)))
  })
  return errors
}

/** Sets may not repeat a value, maps not the values of their keys. */
function duplicateErrors(schema: Schema, value: unknown[], path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type']
  if (listType !== 'set' && listType !== 'map') return []
  const seen = new Set<string>()
  const errors: FieldError[] = []
  value.forEach((item, position) => {
    const identity = listType === 'set' ? item : listKey(schema, item)
    const text = JSON.stringify(identity)
    if (seen.has(text)) errors.push(duplicate(index(path, position), identity))
    seen.add(text)
  })
  return errors
}

/** The values of a map item's keys, absent ones by their default. */
function listKey(schema: Schema, item: unknown): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  if (!isObject(item)) return found
  for (const name of schema['x-kubernetes-list-map-keys'] ?? []) {
    found[name] = item[name] ?? schema.items?.properties?.[name]?.default
  }
  return found
}

/** The item of the old list that `item` continues; only lists of the type map can tell. */
export function correlated(schema: Schema, item: unknown, old: unknown): unknown {
  if (!Array.isArray(old) || schema['x-kubernetes-list-type'] !== 'map') return undefined
  const wanted = listKey(schema, item)
  return old.find((candidate) => equalJson(listKey(schema, candidate), wanted))
}

function objectErrors(
  schema: Schema,
  value: Record<string, unknown>,
  path: string,
  old: unknown,
): FieldError[] {
  const errors: FieldError[] = []
  const before = isObject(old) ? old : {}
  const count = Object.keys(value).length
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    errors.push(tooMany(path, count, schema.maxProperties))
  }
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    errors.push(
      invalid(path, count, `${path} in body should have at least ${schema.minProperties} properties`),
    )
  }
  for (const name of schema.required ?? [])
    if (value[name] === undefined) errors.push(required(child(path, name)))
  if (schema['x-kubernetes-embedded-resource']) errors.push(...embeddedErrors(value, path))
  for (const [name, field] of Object.entries(value)) {
    const known = schema.properties?.[name] ?? valueSchema(schema)
    if (known && !(path === '' && name === 'metadata')) {
      errors.push(...valueErrors(known, field, child(path, name), before[name]))
    }
  }
  return errors
}

function embeddedErrors(value: Record<string, unknown>, path: string): FieldError[] {
  return ['apiVersion', 'kind']
    .filter((name) => !value[name])
    .map((name) => required(child(path, name), 'must not be empty'))
}

function compositionErrors(schema: Schema, value: unknown, path: string): FieldError[] {
  const fits = (candidate: Schema) => valueErrors(candidate, value, path).length === 0
  const fail = (text: string) => [invalid(NO_FIELD, '', `${JSON.stringify(path)} must ${text}`)]
  const errors = (schema.allOf ?? []).flatMap((part) => valueErrors(part, value, path))
  if (schema.anyOf && !schema.anyOf.some(fits)) errors.push(...fail('validate at least one schema (anyOf)'))
  if (schema.not && fits(schema.not)) errors.push(...fail('not validate the schema (not)'))
  if (schema.oneOf) {
    const matches = schema.oneOf.filter(fits).length
    const found = matches ? `Found ${matches} valid alternatives` : 'Found none valid'
    if (matches !== 1) errors.push(...fail(`validate one and only one schema (oneOf). ${found}`))
  }
  return errors
}
