/** The way from client-side to server-side apply, as kubectl goes it: what was applied before becomes applied now. */
import type { Client } from '../../../client.ts'
import type { KubeObject, Resource } from '../../../objects.ts'
import { clone, isRecord } from '../../../store/json.ts'
import { FIELD_MANAGER, LAST_APPLIED } from '../names.ts'

type Fields = Record<string, unknown>

/**
 * Gives the fields of whoever wrote the last-applied annotation to the manager of the apply, so that a field which
 * left the manifest leaves the object too. Nothing happens to an object that was never applied from the client.
 */
export function adoptLastApplied(client: Client, resource: Resource, live: KubeObject): void {
  const entries = live.metadata.managedFields ?? []
  const owners = entries.filter(
    ({ operation, subresource, fieldsV1 }) =>
      operation === 'Update' && !subresource && ownsAnnotation(fieldsV1, LAST_APPLIED),
  )
  if (owners.length === 0) return
  const own = entries.find(({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply')
  const fieldsV1 = [...(own ? [own] : []), ...owners].map((entry) => entry.fieldsV1 as Fields).reduce(union)
  const others = entries.filter((entry) => entry !== own && !owners.includes(entry))
  const adopted = { ...owners.at(-1)!, ...own, manager: FIELD_MANAGER, operation: 'Apply' as const, fieldsV1 }
  const next = clone(live) as KubeObject
  next.metadata.managedFields = [adopted, ...others]
  client.update(resource, next, { fieldManager: FIELD_MANAGER })
}

function ownsAnnotation(fields: unknown, name: string): boolean {
  const metadata = isRecord(fields) ? fields['f:metadata'] : undefined
  const annotations = isRecord(metadata) ? metadata['f:annotations'] : undefined
  return isRecord(annotations) && Object.hasOwn(annotations, `f:${name}`)
}

function union(a: Fields, b: Fields): Fields {
  const result: Fields = { ...a }
  for (const [field, below] of Object.entries(b)) {
    const mine = result[field]
    result[field] = isRecord(mine) && isRecord(below) ? union(mine, below) : below
  }
  return result
}
