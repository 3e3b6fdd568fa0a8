/** Turns a declared type into a structural schema, as controller-gen writes one for a CustomResourceDefinition. */
import { declaringFile, objectMetaSchema } from '../declared/schemas.ts'
import type { Schema } from '../schema.ts'
import { INT_OR_STRING } from './fragments.ts'
import { refine, refinementsOf } from './refinements.ts'

const QUANTITY_PATTERN =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$'

/** Labels and annotations: all that a CustomResourceDefinition says of the metadata of an embedded template. */
const TEMPLATE_METADATA: Schema = {
  type: 'object',
  properties: {
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
  },
}

const converted = new WeakMap<Schema, Schema>()

/**
 * The structural form of `schema`: no patch hints, int-or-string spelled out. Nodes stay shared between the
 * places that use a type, so the result must not be changed; a type within itself is cut to arbitrary content.
 */
export function structural(schema: Schema, within: ReadonlySet<Schema> = new Set()): Schema {
  const known = converted.get(schema)
  if (known) return known
  if (within.has(schema)) return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const result = convert(schema, new Set([...within, schema]))
  converted.set(schema, result)
  return result
}

function convert(schema: Schema, within: ReadonlySet<Schema>): Schema {
  if (schema.format === 'quantity') return { ...INT_OR_STRING, pattern: QUANTITY_PATTERN }
  if (schema.format === 'int-or-string') return INT_OR_STRING
  if (schema === objectMetaSchema()) return TEMPLATE_METADATA
  const { properties, additionalProperties, items, ...rest } = schema
  const node: Schema = { ...rest }
  delete node['x-kubernetes-patch-strategy']
  delete node['x-kubernetes-patch-merge-key']
  if (node.format === 'date-time') delete node.nullable
  if (node['x-kubernetes-preserve-unknown-fields']) {
    delete node['x-kubernetes-map-type']
    node.type = 'object'
  }
  if (properties) node.properties = fields(schema, properties, within)
  if (typeof additionalProperties === 'object')
    node.additionalProperties = structural(additionalProperties, within)
  if (items) node.items = structural(items, within)
  return node
}

function fields(
  owner: Schema,
  properties: Record<string, Schema>,
  within: ReadonlySet<Schema>,
): Record<string, Schema> {
  const file = declaringFile(owner)
  const own = file?.includes('node_modules/kubernetes-models/') ?? false
  const found: Record<string, Schema> = {}
  for (const [name, child] of Object.entries(properties))
    found[name] = structural(own ? withoutEnum(child) : child, within)
  for (const [name, refinement] of Object.entries(file ? refinementsOf(file) : {})) {
    found[name] = refine(found[name], refinement)
  }
  return found
}

/** Enums of Kubernetes' own types are checked by its validation, and are no part of generated definitions. */
function withoutEnum(schema: Schema): Schema {
  if (!schema.enum) return schema
  const { enum: _, ...rest } = schema
  return rest
}
