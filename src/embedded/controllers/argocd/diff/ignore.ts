/** ignoreDifferences: which rules concern an object, and the object without the fields they name. */
import { matchesGlob } from 'node:path'
import type { Manifest } from '../../../objects.ts'
import { groupOf } from '../tracking.ts'
import type { IgnoreDifference } from '../types.ts'
import { removePointer } from './pointers.ts'

/** Rules whose group and kind (globs), name and namespace (absent: any) fit. An absent group is the core group. */
export function rulesFor(rules: IgnoreDifference[], object: Manifest): IgnoreDifference[] {
  return rules.filter(
    ({ group = '', kind, name, namespace }) =>
      matches(groupOf(object.apiVersion), group) &&
      matches(object.kind, kind) &&
      (!name || name === object.metadata.name) &&
      (!namespace || namespace === object.metadata.namespace),
  )
}

function matches(text: string, pattern: string): boolean {
  // matchesGlob never matches an empty text with '*'.
  return pattern === '*' || text === pattern || matchesGlob(text, pattern)
}

/** The object without ignored fields. /status is ignored of every kind. */
export async function withoutIgnored<T extends object>(object: T, rules: IgnoreDifference[]): Promise<T> {
  let result = removePointer(object, '/status')
  for (const { jsonPointers = [] } of rules) {
    for (const pointer of jsonPointers) result = removePointer(result, pointer)
  }
  const expressions = rules.flatMap(({ jqPathExpressions = [] }) => jqPathExpressions)
  if (expressions.length === 0) return result
  const { deleteByJq } = await import('./jq.ts')
  for (const expression of expressions) result = await deleteByJq(result, expression)
  return result
}
