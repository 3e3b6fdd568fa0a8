/** Values as they are once Go has decoded them into typed structs and encoded them again. */
import { canonicalQuantity } from '../../../lib/canonical-quantity.ts'
import { isQuantity } from '../../../lib/quantity.ts'
import { isObject, type Schema, valueSchema } from '../schema.ts'
import { type GoField, goFields } from './fields.ts'

export interface FormOptions {
  /**
   * As the server stores built-in types: an empty list or map is none, even where Go would write null for it.
   * Without, what is always written stays as it is, or is null.
   */
  stored: boolean
}

/**
 * A copy of `value` with its structs as Go writes them: fields in Go's order, zero values left out or filled in,
 * quantities and times in canonical form. What the tables do not know stays as it is, after what they know.
 */
export function goForm(schema: Schema, value: unknown, options: FormOptions): unknown {
  if (Array.isArray(value)) {
    const { items } = schema
    return items ? value.map((item) => goForm(items, item ?? zero(items, options), options)) : value
  }
  if (isObject(value)) return objectForm(schema, value, options)
  if (schema.format === 'quantity') return quantityForm(value)
  if (schema.format === 'date-time' && typeof value === 'string') return timeForm(value)
  return value
}

function objectForm(schema: Schema, value: Record<string, unknown>, options: FormOptions): unknown {
  const fields = goFields(schema)
  if (fields) return structForm(schema, fields, value, options)
  const values = valueSchema(schema)
  if (!values) return value
  const form = Object.entries(value).map(([key, item]) => [
    key,
    goForm(values, item ?? zero(values, options), options),
  ])
  return Object.fromEntries(form)
}

function structForm(
  schema: Schema,
  fields: GoField[],
  value: Record<string, unknown>,
  options: FormOptions,
): Record<string, unknown> {
  const form: Record<string, unknown> = {}
  for (const field of fields) {
    const property = schema.properties?.[field.name]
    if (!property) continue
    const written = fieldForm(field, property, value[field.name] ?? undefined, options)
    if (written !== undefined) form[field.name] = written
  }
  for (const [name, rest] of Object.entries(value)) {
    if (!(name in form) && !fields.some((field) => field.name === name)) form[name] = rest
  }
  return form
}

/** undefined: not written. */
function fieldForm(field: GoField, schema: Schema, value: unknown, options: FormOptions): unknown {
  const form = encodedField(field, schema, value, options)
  return form === null && options.stored ? undefined : form
}

function encodedField(field: GoField, schema: Schema, value: unknown, options: FormOptions): unknown {
  if (field.pointer)
    return value === undefined ? (field.always ? null : undefined) : goForm(schema, value, options)
  if (value === undefined) return field.always ? zero(schema, options) : undefined
  const form = goForm(schema, value, options)
  if (!isZero(form)) return form
  if (!field.always) return goFields(schema) ? form : undefined
  return options.stored && typeof form === 'object' && !goFields(schema) ? null : form
}

/** Whether `omitempty` takes it for absent; structs never are, which the caller looks at. */
function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}

/** What an absent value of the type is written as. */
function zero(schema: Schema, options: FormOptions): unknown {
  if (schema.format === 'quantity') return '0'
  if (schema['x-kubernetes-int-or-string']) return 0
  if (goFields(schema)) return goForm(schema, {}, options)
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' || schema.format === 'byte' ? null : ''
    case 'integer':
    case 'number':
      return 0
    case 'boolean':
      return false
    default:
      return null
  }
}

function quantityForm(value: unknown): unknown {
  const text = String(value).trim()
  return isQuantity(text) ? canonicalQuantity(text) : value
}

/** In UTC, without the fractions of a second that metav1.Time drops; micro times keep theirs. */
function timeForm(text: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/.test(text)) return text
  const time = Date.parse(text)
  return Number.isNaN(time) ? text : `${new Date(time).toISOString().slice(0, 19)}Z`
}
