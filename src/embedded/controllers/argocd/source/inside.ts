/** Paths that an Application names, kept inside the repository. */
import { isAbsolute, join, relative } from 'node:path'

/** `path` below `root`; throws for one that leaves it. */
export function insideRoot(root: string, path: string, what: string): string {
  const full = join(root, path)
  const rest = relative(root, full)
  if (rest.startsWith('..') || isAbsolute(rest))
    throw new Error(`${what}: '${path}' is outside of the repository root`)
  return full
}
