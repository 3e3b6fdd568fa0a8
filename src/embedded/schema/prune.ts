/** Removes what a schema does not know from an object, as decoding into a typed value would. */
import { objectMetaSchema } from './declared/schemas.ts'
import { child, index } from './field-path.ts'
import { acceptsAnything, isObject, type Schema, valueSchema } from './schema.ts'

/** Removes unknown fields of `object` in place and answers their paths in document order. */
export function pruneUnknown(schema: Schema, object: Record<string, unknown>): string[] {
  const unknown: string[] = []
  pruneNode(schema, object, '', unknown)
  return unknown
}

function pruneNode(schema: Schema, value: unknown, path: string, unknown: string[]): void {
  if (Array.isArray(value)) {
    const { items } = schema
    if (!items) return
    for (const [position, item] of value.entries()) pruneNode(items, item, index(path, position), unknown)
  } else if (isObject(value)) {
    pruneObject(schema, value, path, unknown)
  }
}

function pruneObject(schema: Schema, value: Record<string, unknown>, path: string, unknown: string[]): void {
  const embedded = schema['x-kubernetes-embedded-resource'] === true
  const values = valueSchema(schema)
  const keepAll = acceptsAnything(schema)
  for (const name of Object.keys(value)) {
    const property = embedded && name === 'metadata' ? objectMetaSchema() : schema.properties?.[name]
    const known = property ?? values
    if (known) {
      pruneNode(known, value[name], child(path, name), unknown)
    } else if (!keepAll && !(embedded && (name === 'apiVersion' || name === 'kind'))) {
      delete value[name]
      unknown.push(child(path, name))
    }
  }
}

/** Removes nulls from a built-in object, in place: decoding into Go structs makes them absent. */
export function dropNulls(schema: Schema, value: unknown): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) dropNulls(schema.items, item)
  } else if (isObject(value) && !acceptsAnything(schema)) {
    const texts = valueSchema(schema)?.type === 'string'
    for (const [name, field] of Object.entries(value)) {
      // Of a map's values null leaves the key, with an empty text.
      if (field === null && texts) value[name] = ''
      else if (field === null) delete value[name]
      else {
        const known = schema.properties?.[name] ?? valueSchema(schema)
        if (known) dropNulls(known, field)
      }
    }
  }
}
