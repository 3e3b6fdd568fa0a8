/** Applies the defaults that a CustomResourceDefinition's schema declares. */
import { isObject, type Schema, valueSchema } from '../schema.ts'

/**
 * Fills declared defaults in place, parents before children. A null in a field that is not nullable is dropped
 * first, so that a default can take its place (apiextensions-apiserver pkg/apiserver/schema/defaulting).
 */
export function applySchemaDefaults(schema: Schema, value: unknown): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) applySchemaDefaults(schema.items, item)
  } else if (isObject(value)) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (value[name] === null && !property.nullable) delete value[name]
      if (value[name] === undefined && property.default !== undefined)
        value[name] = structuredClone(property.default)
      if (value[name] !== undefined) applySchemaDefaults(property, value[name])
    }
    const values = valueSchema(schema)
    if (values) {
      for (const [name, field] of Object.entries(value)) {
        if (schema.properties?.[name]) continue
        if (field === null && !values.nullable) {
          if (values.default === undefined) delete value[name]
          else value[name] = structuredClone(values.default)
        }
        applySchemaDefaults(values, value[name])
      }
    }
  }
}
