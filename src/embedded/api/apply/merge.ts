/** Lays an applied configuration over the live object (typed.Merge). */
import type { MergeNode } from '../../schema/types.ts'
import { isRecord, setField } from '../../store/json.ts'
import { fieldNode, isAssociative, isGranular, itemElement, itemNode, UNTYPED } from './schema.ts'

/** The live value with the applied one over it: objects and associative lists merge, the rest is replaced. */
export function mergeApplied(node: MergeNode, live: unknown, applied: unknown): unknown {
  if (isRecord(applied) && isRecord(live) && isGranular(node)) {
    const merged: Record<string, unknown> = { ...live }
    for (const [field, value] of Object.entries(applied)) {
      const before = Object.hasOwn(live, field) ? live[field] : undefined
      setField(merged, field, mergeApplied(fieldNode(node, field) ?? UNTYPED, before, value))
    }
    return merged
  }
  if (Array.isArray(applied) && Array.isArray(live) && isAssociative(node)) {
    return mergeLists(node, live, applied)
  }
  return applied
}

/** Applied items keep their order among themselves; each live item stays behind what preceded it. */
function mergeLists(node: MergeNode, live: unknown[], applied: unknown[]): unknown[] {
  const appliedByKey = new Map(applied.map((item) => [itemElement(node, item), item]))
  const liveKeys = live.map((item) => itemElement(node, item))
  const liveByKey = new Map(live.map((item, at) => [liveKeys[at]!, item]))
  const merged: unknown[] = []
  const done = new Set<string>()
  const emit = (key: string) => {
    if (done.has(key)) return
    done.add(key)
    const mine = appliedByKey.get(key)
    const theirs = liveByKey.get(key)
    if (mine === undefined) merged.push(theirs)
    else if (theirs === undefined || node.listType === 'set') merged.push(mine)
    else merged.push(mergeApplied(itemNode(node), theirs, mine))
  }
  let next = 0
  for (const key of appliedByKey.keys()) {
    if (liveByKey.has(key)) {
      // Live-only items that stand before this one come first.
      while (next < liveKeys.length && liveKeys[next] !== key) {
        const other = liveKeys[next]!
        if (appliedByKey.has(other) && !done.has(other)) break
        emit(other)
        next++
      }
      if (liveKeys[next] === key) next++
    }
    emit(key)
  }
  for (const key of liveKeys) emit(key)
  return merged
}
