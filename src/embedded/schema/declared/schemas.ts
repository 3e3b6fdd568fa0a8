/** Turns the packages' type declarations into schemas: one shared node per type, loaded when first asked for. */
import type { Schema } from '../schema.ts'
import { type Declaration, type Field, readDeclaration, type TypeExpression } from './declaration.ts'
import { FIELD_FORMATS, MERGE_HINTS } from './merge-hints.ts'
import { builtinFile, definitionName, machineryFile } from './packages.ts'

/** Types whose JSON form is not that of a struct. */
const SPECIAL: Record<string, Schema> = {
  'apimachinery.pkg.api.resource.Quantity': { 'x-kubernetes-int-or-string': true, format: 'quantity' },
  'apimachinery.pkg.util.intstr.IntOrString': { 'x-kubernetes-int-or-string': true, format: 'int-or-string' },
  'apimachinery.pkg.apis.meta.v1.Time': { type: 'string', format: 'date-time', nullable: true },
  'apimachinery.pkg.apis.meta.v1.MicroTime': { type: 'string', format: 'date-time', nullable: true },
  'apimachinery.pkg.apis.meta.v1.FieldsV1': {
    type: 'object',
    ...anything(),
    'x-kubernetes-map-type': 'atomic',
  },
  'apimachinery.pkg.runtime.RawExtension': {
    type: 'object',
    ...anything(),
    'x-kubernetes-map-type': 'atomic',
  },
  'apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': anything(),
  'apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': anything(),
  'apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': anything(),
  'apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': anything(),
}

function anything(): Schema {
  return { 'x-kubernetes-preserve-unknown-fields': true }
}

const loaded = new Map<string, Schema>()
const files = new WeakMap<Schema, string>()

/** Name by which upstream merge hints and definitions know the type in `file`, without the `io.k8s.` prefix. */
function hintName(file: string): string {
  return definitionName(file).replace(/^io\.k8s\./, '')
}

/**
 * Schema of the type declared in `file`. Nodes are shared and may be cyclic: never changed after loading.
 * @throws Error when the package lacks the file
 */
export function declaredSchema(file: string): Schema {
  const known = loaded.get(file)
  if (known) return known
  const name = hintName(file)
  const schema: Schema = {}
  // Registered before it is filled: JSONSchemaProps refers to itself.
  loaded.set(file, schema)
  files.set(schema, file)
  Object.assign(schema, SPECIAL[name] ?? fromDeclaration(readDeclaration(file), name))
  if (MERGE_HINTS[name]?.['']) schema['x-kubernetes-map-type'] = 'atomic'
  return schema
}

/** Schema of metadata: the same for every kind, embedded resources included. */
export function objectMetaSchema(): Schema {
  return declaredSchema(machineryFile('apis/meta/v1/ObjectMeta'))
}

/** File that declares the type of a node; undefined for nodes that are no type of their own. */
export function declaringFile(schema: Schema): string | undefined {
  return files.get(schema)
}

function fromDeclaration(declaration: Declaration, name: string): Schema {
  if (declaration.type.kind !== 'struct') {
    const plain = expressionSchema(declaration.type, name)
    return declaration.bases.length ? withBases(declaration.bases, { type: 'object', properties: {} }) : plain
  }
  return withBases(declaration.bases, structSchema(declaration.type.fields, name))
}

function withBases(bases: string[], own: Schema): Schema {
  for (const base of bases.map(declaredSchema)) {
    own.properties = { ...base.properties, ...own.properties }
    own.required = [...(base.required ?? []), ...(own.required ?? [])]
  }
  return own
}

function structSchema(fields: Field[], name: string): Schema {
  const properties: Record<string, Schema> = {}
  for (const field of fields) properties[field.name] = fieldSchema(field, name)
  const required = fields.filter((field) => field.required).map((field) => field.name)
  // apiVersion and kind are marked required in the packages, but a server takes them from the URL.
  const asked = required.filter((field) => field !== 'apiVersion' && field !== 'kind')
  const root = asked.length !== required.length && properties.metadata !== undefined
  if (root) {
    properties.apiVersion = { type: 'string' }
    properties.kind = { type: 'string' }
  }
  return {
    type: 'object',
    properties,
    ...((root ? asked : required).length ? { required: root ? asked : required } : {}),
  }
}

function fieldSchema(field: Field, owner: string): Schema {
  // The one field whose type the packages write out in place, so that it would be no declared type.
  const written = owner === 'api.apps.v1.StatefulSetSpec' && field.name === 'volumeClaimTemplates'
  const schema: Schema = written
    ? { type: 'array', items: declaredSchema(builtinFile('', 'v1', 'PersistentVolumeClaim')) }
    : expressionSchema(field.type, owner)
  const format = FIELD_FORMATS[owner]?.[field.name]
  if (format === 'double') return { type: 'number', format }
  if (format === 'byte') return { type: 'string', format }
  if (format === 'bytes') return { type: 'object', additionalProperties: { type: 'string', format: 'byte' } }
  const hint = MERGE_HINTS[owner]?.[field.name]
  if (!hint) return schema
  const hinted = { ...schema, ...mergeExtensions(hint) }
  const file = files.get(schema)
  if (file) files.set(hinted, file)
  return hinted
}

/** The schema extensions that a hint stands for; see MERGE_HINTS for the notation. */
function mergeExtensions(hint: string): Partial<Schema> {
  const extensions: Partial<Schema> = {}
  for (const part of hint.split(' ')) {
    const [, word, keys] = /^([\w,]+)(?:\(([\w,]+)\))?$/.exec(part)!
    if (word === 'atomic') {
      extensions['x-kubernetes-map-type'] = 'atomic'
    } else if (word === 'map' || word === 'set') {
      extensions['x-kubernetes-list-type'] = word
      if (keys) extensions['x-kubernetes-list-map-keys'] = keys.split(',')
    } else {
      extensions['x-kubernetes-patch-strategy'] = word
      if (keys) extensions['x-kubernetes-patch-merge-key'] = keys
    }
  }
  return extensions
}

function expressionSchema(type: TypeExpression, owner: string): Schema {
  switch (type.kind) {
    case 'scalar':
      // The few floats are in FIELD_FORMATS: every other number of these types is an integer.
      return { type: type.name === 'number' ? 'integer' : type.name }
    case 'enum':
      return { type: 'string', enum: type.values }
    case 'list':
      return { type: 'array', items: expressionSchema(type.items, owner) }
    case 'map':
      return { type: 'object', additionalProperties: expressionSchema(type.values, owner) }
    case 'struct':
      return structSchema(type.fields, owner)
    case 'reference':
      return declaredSchema(type.file)
    case 'intOrString':
      return { 'x-kubernetes-int-or-string': true, format: 'int-or-string' }
    case 'any':
      return anything()
  }
}
