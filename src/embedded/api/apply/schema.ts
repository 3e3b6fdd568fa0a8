/** How a value merges under server-side apply: reads MergeNodes, and says what an unknown part is. */
import type { MergeNode } from '../../schema/types.ts'
import { isRecord } from '../../store/json.ts'

export const UNTYPED: MergeNode = { preserveUnknown: true }

/** Objects merge field by field unless they are declared atomic. */
export function isGranular(node: MergeNode): boolean {
  return node.mapType !== 'atomic'
}

/** True for lists whose items have an identity: sets and maps. Any other list is atomic. */
export function isAssociative(node: MergeNode): boolean {
  return node.listType === 'set' || (node.listType === 'map' && (node.listMapKeys?.length ?? 0) > 0)
}

/** The node of a field; undefined when the schema does not declare it. */
export function fieldNode(node: MergeNode, field: string): MergeNode | undefined {
  const declared =
    node.properties && Object.hasOwn(node.properties, field) ? node.properties[field] : undefined
  if (declared) return declared
  if (node.additionalProperties) return node.additionalProperties
  // A node that declares nothing below it is a free-form object.
  if (node.preserveUnknown || !node.properties) return UNTYPED
  return undefined
}

// The defaults of list keys in the built-in schemas: a port without a protocol is the TCP port.
const KEY_DEFAULTS: Record<string, unknown> = { protocol: 'TCP' }

/** The path element of an item of an associative list: `k:{"name":"a"}` or `v:"x"`. */
export function itemElement(node: MergeNode, item: unknown): string {
  if (node.listType === 'set') return `v:${JSON.stringify(item)}`
  const keys: Record<string, unknown> = {}
  const record = isRecord(item) ? item : {}
  for (const key of [...(node.listMapKeys ?? [])].sort()) {
    const value = record[key] ?? KEY_DEFAULTS[key]
    if (value !== undefined) keys[key] = value
  }
  return `k:${JSON.stringify(keys)}`
}

export function itemNode(node: MergeNode): MergeNode {
  return node.items ?? UNTYPED
}
