/** Argo CD's two kinds of patterns. */
import { matchesGlob } from 'node:path'

/** `/` separates: one `*` does not cross it, unless it is the whole pattern. */
export function glob(text: string, pattern: string): boolean {
  return pattern === '*' || text === pattern || matchesGlob(text, pattern)
}

/** `*` matches any text, separators too. */
export function loose(text: string, pattern: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${escaped}$`, 's').test(text)
}
