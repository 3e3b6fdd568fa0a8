/** What managedFields never tell about: identity fields, and the half of an object that a write cannot reach. */
import { differenceBelow, emptySet, type FieldSet, insert } from './field-set.ts'

const IDENTITY = setOf([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata', 'f:name'],
  ['f:metadata', 'f:namespace'],
  ['f:metadata', 'f:uid'],
  ['f:metadata', 'f:creationTimestamp'],
  ['f:metadata', 'f:generation'],
  ['f:metadata', 'f:resourceVersion'],
  ['f:metadata', 'f:selfLink'],
  ['f:metadata', 'f:managedFields'],
])
const STATUS = setOf([['f:status']])

/** The fields a write through `subresource` can own, on a type that has /status or has not. */
export function strip(set: FieldSet, subresource: string | undefined, hasStatus: boolean): FieldSet {
  if (subresource === 'status') {
    const status = set.children.get('f:status')
    return { member: false, children: new Map(status ? [['f:status', status]] : []) }
  }
  const bare = differenceBelow(set, IDENTITY)
  const metadata = bare.children.get('f:metadata')
  if (metadata) {
    // metadata itself belongs to nobody.
    if (metadata.children.size === 0) bare.children.delete('f:metadata')
    else bare.children.set('f:metadata', { member: false, children: metadata.children })
  }
  return hasStatus ? differenceBelow(bare, STATUS) : bare
}

function setOf(all: string[][]): FieldSet {
  const set = emptySet()
  for (const path of all) insert(set, path)
  return set
}
