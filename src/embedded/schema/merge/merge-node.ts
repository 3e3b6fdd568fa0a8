/** What strategic merge patch and server-side apply need to know of a schema. */
import { acceptsAnything, type Schema, valueSchema } from '../schema.ts'
import type { MergeNode } from '../types.ts'

const converted = new WeakMap<Schema, MergeNode>()

/** The merge rules of a schema; one shared node per schema node, so cyclic schemas give cyclic rules. */
export function mergeNode(schema: Schema): MergeNode {
  const known = converted.get(schema)
  if (known) return known
  const node: MergeNode = {}
  converted.set(schema, node)
  if (schema.properties) {
    node.properties = {}
    for (const [name, child] of Object.entries(schema.properties)) node.properties[name] = mergeNode(child)
  }
  const values = valueSchema(schema)
  if (values) node.additionalProperties = mergeNode(values)
  if (schema.items) node.items = mergeNode(schema.items)
  if (schema['x-kubernetes-list-type']) node.listType = schema['x-kubernetes-list-type']
  if (schema['x-kubernetes-list-map-keys']) node.listMapKeys = schema['x-kubernetes-list-map-keys']
  if (schema['x-kubernetes-map-type']) node.mapType = schema['x-kubernetes-map-type']
  if (schema['x-kubernetes-patch-strategy']) node.patchStrategy = schema['x-kubernetes-patch-strategy']
  if (schema['x-kubernetes-patch-merge-key']) node.patchMergeKey = schema['x-kubernetes-patch-merge-key']
  if (acceptsAnything(schema)) node.preserveUnknown = true
  return node
}
