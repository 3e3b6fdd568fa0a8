/** Sets of field paths and their algebra, as structured-merge-diff's fieldpath has them. */

/**
 * A node of a trie of paths. The root stands for the object itself. `member` says that the path up to here
 * is in the set; a path may be in the set together with paths below it.
 *
 * Path elements are written as in FieldsV1: `f:<field>`, `k:<json of the list keys>`, `v:<json of the value>`.
 */
export interface FieldSet {
  member: boolean
  children: Map<string, FieldSet>
}

export function emptySet(): FieldSet {
  return { member: false, children: new Map() }
}

export function isEmpty(set: FieldSet): boolean {
  return !set.member && set.children.size === 0
}

/** Adds one path, in place. */
export function insert(set: FieldSet, path: readonly string[]): void {
  let node = set
  for (const element of path) {
    let child = node.children.get(element)
    if (!child) {
      child = emptySet()
      node.children.set(element, child)
    }
    node = child
  }
  node.member = true
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children)
  for (const [element, child] of b.children) {
    const mine = children.get(element)
    children.set(element, mine ? union(mine, child) : child)
  }
  return { member: a.member || b.member, children }
}

/** Paths of `a` that are not in `b`; what lies below a path of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>()
  for (const [element, child] of a.children) {
    const theirs = b.children.get(element)
    const left = theirs ? difference(child, theirs) : child
    if (!isEmpty(left)) children.set(element, left)
  }
  return { member: a.member && !b.member, children }
}

/** Like difference, but a path of `b` takes everything below it along. */
export function differenceBelow(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>()
  for (const [element, child] of a.children) {
    const theirs = b.children.get(element)
    if (theirs?.member) continue
    const left = theirs ? differenceBelow(child, theirs) : child
    if (!isEmpty(left)) children.set(element, left)
  }
  return { member: a.member && !b.member, children }
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>()
  for (const [element, child] of a.children) {
    const theirs = b.children.get(element)
    if (!theirs) continue
    const both = intersection(child, theirs)
    if (!isEmpty(both)) children.set(element, both)
  }
  return { member: a.member && b.member, children }
}

export function sameSet(a: FieldSet, b: FieldSet): boolean {
  if (a.member !== b.member || a.children.size !== b.children.size) return false
  for (const [element, child] of a.children) {
    const theirs = b.children.get(element)
    if (!theirs || !sameSet(child, theirs)) return false
  }
  return true
}

/** All paths of the set, parents before what lies below them. */
export function* paths(set: FieldSet, prefix: string[] = []): Generator<string[]> {
  if (set.member) yield prefix
  for (const element of [...set.children.keys()].sort()) {
    yield* paths(set.children.get(element)!, [...prefix, element])
  }
}

/** The `fieldsV1` of a managedFields entry. */
export function toFieldsV1(set: FieldSet): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  if (set.member && set.children.size > 0) fields['.'] = {}
  for (const element of [...set.children.keys()].sort()) {
    fields[element] = toFieldsV1(set.children.get(element)!)
  }
  return fields
}

/** Reads a `fieldsV1`. */
export function fromFieldsV1(fields: Record<string, unknown>): FieldSet {
  const root = readNode(fields)
  // An empty object below the root is a path; the root itself never is.
  root.member = false
  return root
}

function readNode(fields: Record<string, unknown>): FieldSet {
  const entries = Object.entries(fields)
  const set: FieldSet = { member: entries.length === 0, children: new Map() }
  for (const [element, child] of entries) {
    if (element === '.') set.member = true
    else set.children.set(element, readNode((child ?? {}) as Record<string, unknown>))
  }
  return set
}

/** A path as conflict messages show it: `.spec.containers[name="a"].image`. */
export function formatPath(path: readonly string[]): string {
  return path
    .map((element) => {
      const body = element.slice(2)
      if (element.startsWith('f:')) return `.${body}`
      if (element.startsWith('v:')) return `[=${body}]`
      if (element.startsWith('i:')) return `[${body}]`
      const keys = Object.entries(JSON.parse(body) as Record<string, unknown>)
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
    })
    .join('')
}
