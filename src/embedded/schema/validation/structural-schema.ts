/** Whether a CustomResourceDefinition's schema is structural (apiextensions-apiserver pkg/apiserver/schema). */

import { child, index } from '../field-path.ts'
import { isObject, type Schema } from '../schema.ts'
import type { FieldError } from '../types.ts'
import { forbidden, invalid, notSupported, required } from './field-errors.ts'

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string']
const JUNCTORS = ['allOf', 'anyOf', 'oneOf'] as const
const STRUCTURE: (keyof Schema)[] = ['additionalProperties', 'nullable', 'default', 'description', 'title']

/** Schemas found structural before: the same node is checked once, wherever it is shared. */
const sound = new WeakSet<Schema>()

/** What keeps `schema` from being structural; empty when it is. */
export function structuralErrors(schema: Schema, path: string): FieldError[] {
  if (sound.has(schema)) return []
  if (!Object.keys(schema).length) return [required(path, 'schemas are required')]
  const errors: FieldError[] = []
  checkNode(schema, path, errors)
  if (schema.type !== 'object')
    errors.push(invalid(child(path, 'type'), schema.type ?? '', 'must be object at the root'))
  const metadata = schema.properties?.metadata
  const constrained = Object.keys(metadata?.properties ?? {}).some(
    (name) => name !== 'name' && name !== 'generateName',
  )
  if (constrained) {
    const detail =
      'must not specify anything other than name and generateName, but metadata is implicitly specified'
    errors.push(forbidden(child(path, 'properties[metadata]'), detail))
  }
  if (!errors.length) sound.add(schema)
  return errors
}

function checkNode(schema: Schema, path: string, errors: FieldError[]): void {
  if (sound.has(schema)) return
  const before = errors.length
  checkType(schema, path, errors)
  checkList(schema, path, errors)
  checkJunctors(schema, path, errors)
  for (const name in schema.properties)
    checkNode(schema.properties[name]!, `${path}.properties[${name}]`, errors)
  if (schema.items) checkNode(schema.items, `${path}.items`, errors)
  const values = schema.additionalProperties
  if (isObject(values)) checkNode(values, `${path}.additionalProperties`, errors)
  if (errors.length === before) sound.add(schema)
}

function checkType(schema: Schema, path: string, errors: FieldError[]): void {
  const intOrString = schema['x-kubernetes-int-or-string'] === true
  if (!schema.type) {
    if (intOrString || schema['x-kubernetes-preserve-unknown-fields']) return
    errors.push(required(child(path, 'type'), 'must not be empty for specified object fields'))
  } else if (!TYPES.includes(schema.type)) {
    errors.push(notSupported(child(path, 'type'), schema.type, TYPES))
  } else if (intOrString) {
    errors.push(invalid(child(path, 'x-kubernetes-int-or-string'), true, 'must be false if type is set'))
  }
  if (schema.type === 'array' && !schema.items)
    errors.push(required(child(path, 'items'), 'must be specified'))
  if (schema.properties && isObject(schema.additionalProperties)) {
    const detail = 'additionalProperties and properties are mutual exclusive'
    errors.push(forbidden(child(path, 'additionalProperties'), detail))
  }
}

function checkList(schema: Schema, path: string, errors: FieldError[]): void {
  const listType = schema['x-kubernetes-list-type']
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  if (!listType && !keys.length) return
  const keysPath = child(path, 'x-kubernetes-list-map-keys')
  if (listType && schema.type !== 'array') {
    errors.push(
      invalid(child(path, 'type'), schema.type ?? '', 'must be array if x-kubernetes-list-type is specified'),
    )
  } else if (listType !== 'map') {
    if (keys.length) errors.push(forbidden(keysPath, 'must be unset when x-kubernetes-list-type is not map'))
  } else if (!keys.length) {
    errors.push(required(keysPath, 'must not be empty if x-kubernetes-list-type is map'))
  }
  if (listType !== 'map') return
  for (const [position, name] of keys.entries())
    checkKey(schema, name, path, index(keysPath, position), errors)
}

/** A key must always have a value: it is a required property of the items, or one with a default. */
function checkKey(schema: Schema, name: string, path: string, keyPath: string, errors: FieldError[]): void {
  const property = schema.items?.properties?.[name]
  if (!property) {
    errors.push(invalid(keyPath, name, 'entries must all be names of item properties'))
  } else if (!schema.items?.required?.includes(name) && property.default === undefined) {
    const detail =
      'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'
    errors.push(required(`${path}.items.properties[${name}].default`, detail))
  }
}

/** Inside allOf, anyOf, oneOf and not only the value may be restricted, never the structure declared. */
function checkJunctors(schema: Schema, path: string, errors: FieldError[]): void {
  if (schema.not) checkValueValidation(schema.not, schema, child(path, 'not'), errors)
  for (const name of JUNCTORS) {
    schema[name]?.forEach((part, position) => {
      checkValueValidation(part, schema, index(child(path, name), position), errors)
    })
  }
}

function checkValueValidation(part: Schema, owner: Schema, path: string, errors: FieldError[]): void {
  for (const name of STRUCTURE) {
    if (part[name] !== undefined)
      errors.push(forbidden(child(path, name), 'must be undefined to be structural'))
  }
  // The one exception is the pair of types that spells out int-or-string.
  if (part.type && !owner['x-kubernetes-int-or-string']) {
    errors.push(forbidden(child(path, 'type'), 'must be empty to be structural'))
  }
}
