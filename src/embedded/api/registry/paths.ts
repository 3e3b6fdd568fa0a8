/** Simple dotted paths into objects: `.spec.replicas`, `status.selector`. */
import { isRecord } from '../../store/json.ts'

function steps(path: string): string[] {
  return path.replace(/^\./, '').split('.')
}

/** The value at a path, undefined when a step is missing. */
export function getPath(object: unknown, path: string): unknown {
  let value = object
  for (const step of steps(path)) {
    if (!isRecord(value)) return undefined
    value = value[step]
  }
  return value
}

/** Sets the value at a path in place, making the objects on the way. */
export function setPath(object: Record<string, any>, path: string, value: unknown): void {
  const all = steps(path)
  let parent = object
  for (const step of all.slice(0, -1)) {
    if (!isRecord(parent[step])) parent[step] = {}
    parent = parent[step]
  }
  parent[all.at(-1)!] = value
}
