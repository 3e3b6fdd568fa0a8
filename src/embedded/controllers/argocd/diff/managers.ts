/** managedFieldsManagers: fields that other controllers own do not count as differences. */
import type { KubeObject } from '../../../objects.ts'
import { equal, isRecord } from '../../../store/json.ts'

type Fields = Record<string, unknown>

/** Both sides without the fields that one of the managers owns in the live object and that differ. */
export function dropManaged<A extends object, B extends object>(
  predicted: A,
  live: B,
  managedFields: KubeObject['metadata']['managedFields'],
  managers: string[],
): [A, B] {
  let sides: [A, B] = [predicted, live]
  for (const { manager, fieldsV1 } of managedFields ?? []) {
    if (managers.includes(manager)) sides = prune(sides[0], sides[1], fieldsV1) as [A, B]
  }
  return sides
}

/** An owned leaf is `{}`; `.` stands for the node itself. */
function prune(a: unknown, b: unknown, owned: Fields): [unknown, unknown] {
  if (Array.isArray(a) && Array.isArray(b)) return pruneLists(a, b, owned)
  if (!isRecord(a) || !isRecord(b)) return [a, b]
  const left: Fields = { ...a }
  const right: Fields = { ...b }
  for (const [key, below] of Object.entries(owned)) {
    if (!key.startsWith('f:')) continue
    const field = key.slice(2)
    if (equal(left[field], right[field])) continue
    if (!isRecord(below) || Object.keys(below).length === 0) {
      delete left[field]
      delete right[field]
      continue
    }
    const [l, r] = prune(left[field], right[field], below)
    if (l !== undefined) left[field] = l
    if (r !== undefined) right[field] = r
  }
  return [left, right]
}

function pruneLists(a: unknown[], b: unknown[], owned: Fields): [unknown[], unknown[]] {
  const left = [...a]
  const right = [...b]
  for (const [key, below] of Object.entries(owned)) {
    if (!key.startsWith('k:') || !isRecord(below)) continue
    const identity = JSON.parse(key.slice(2)) as Fields
    const is = (item: unknown) =>
      isRecord(item) && Object.entries(identity).every(([field, value]) => equal(item[field], value))
    const [l, r] = [left.findIndex(is), right.findIndex(is)]
    if (l < 0 || r < 0) continue
    ;[left[l], right[r]] = prune(left[l], right[r], below)
  }
  return [left, right]
}
