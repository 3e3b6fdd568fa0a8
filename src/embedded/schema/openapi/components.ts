/** The schemas section of an OpenAPI document: one component per declared type, with descriptions. */
import { type Declaration, plainText, readDeclaration } from '../declared/declaration.ts'
import { definitionName } from '../declared/packages.ts'
import { declaringFile } from '../declared/schemas.ts'
import { isObject, type Schema } from '../schema.ts'

type Json = Record<string, unknown>

const REFERENCE = '#/components/schemas/'

/** Collects components as references to them are made. */
export class Components {
  readonly schemas: Record<string, Json> = {}

  /** A reference to the component of a declared type, which is added with all it refers to. */
  reference(schema: Schema, file: string): Json {
    const name = definitionName(file)
    if (!this.schemas[name]) {
      const component: Json = {}
      // Registered before it is filled: types may refer to themselves.
      this.schemas[name] = component
      Object.assign(component, this.#component(schema, readDeclaration(file)))
    }
    return { $ref: REFERENCE + name }
  }

  /** Adds a component that is no declared type and answers the reference to it. */
  add(name: string, schema: Schema, extensions: Json): Json {
    this.schemas[name] = { ...this.inline(schema), ...extensions }
    return { $ref: REFERENCE + name }
  }

  /** A node with its descendants written out, declared types by reference. */
  inline(schema: Schema): Json {
    const { properties, additionalProperties, items, allOf, anyOf, oneOf, not, ...rest } = schema
    const node: Json = { ...publishedForm(rest) }
    if (properties) {
      node.properties = Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, this.node(child)]),
      )
    }
    if (isObject(additionalProperties)) node.additionalProperties = this.node(additionalProperties)
    else if (additionalProperties !== undefined) node.additionalProperties = additionalProperties
    if (items) node.items = this.node(items)
    for (const [name, parts] of Object.entries({ allOf, anyOf, oneOf })) if (parts) node[name] = parts
    if (not) node.not = not
    return node
  }

  /** A child node: declared types by reference, with what is said of this use of them beside it. */
  node(schema: Schema, description = ''): Json {
    const file = declaringFile(schema)
    const said = description ? { description } : {}
    if (!file) return { ...said, ...this.inline(schema) }
    const reference = this.reference(schema, file)
    const extensions = useExtensions(schema)
    const bare = !description && !Object.keys(extensions).length
    // Siblings of $ref are ignored in OpenAPI 3.0: hence the allOf of one.
    return bare ? reference : { ...said, ...extensions, allOf: [reference] }
  }

  #component(schema: Schema, declaration: Declaration): Json {
    const { comment, type } = declaration
    const description = plainText(comment)
    const fields = type.kind === 'struct' ? type.fields : []
    const texts = new Map(fields.map((field) => [field.name, plainText(field.comment)]))
    const said = description ? { description } : {}
    if (!schema.properties) return { ...said, ...this.inline(schema) }
    const properties: Json = {}
    for (const [name, child] of Object.entries(schema.properties)) {
      properties[name] = this.node(child, texts.get(name) || COMMON_DESCRIPTIONS[name])
    }
    return { ...said, ...publishedForm(withoutUse(schema)), properties }
  }
}

/** What the packages leave undescribed in every kind. */
const COMMON_DESCRIPTIONS: Record<string, string> = {
  apiVersion: 'The versioned schema of this representation of an object.',
  kind: 'The REST resource this object represents, in CamelCase.',
}

const USE_EXTENSIONS = [
  'x-kubernetes-patch-strategy',
  'x-kubernetes-patch-merge-key',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
] as const

function useExtensions(schema: Schema): Json {
  const found: Json = {}
  for (const name of USE_EXTENSIONS) if (schema[name] !== undefined) found[name] = schema[name]
  return found
}

/** A type's own part of a node: not its children, nor how one field uses it. */
function withoutUse(schema: Schema): Schema {
  const { properties, ...rest } = schema
  for (const name of USE_EXTENSIONS) delete rest[name]
  return rest
}

/** Built-in scalars as Kubernetes publishes them. */
function publishedForm(schema: Schema): Json {
  if (schema.format === 'quantity') return { oneOf: [{ type: 'string' }, { type: 'number' }] }
  if (schema.format === 'int-or-string' && !schema.anyOf) {
    return { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] }
  }
  const { nullable, ...rest } = schema
  return schema.format === 'date-time' || !nullable ? rest : { ...rest, nullable }
}
