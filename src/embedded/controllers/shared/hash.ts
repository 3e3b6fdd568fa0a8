/** Template hashes: short, stable names for a pod template. */
import { canonicalJson } from './json.ts'

/** Letters and digits that make no words, as apimachinery's rand.SafeEncodeString uses them. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/**
 * FNV-32a of the value (and the collision count), in the safe alphabet: up to ten characters.
 * The real hash of a Deployment is over a dump of Go's values, pointers followed; any stable one will do.
 */
export function templateHash(template: unknown, collisionCount = 0): string {
  return fnvHash(
    collisionCount > 0 ? `${canonicalJson(template)}#${collisionCount}` : canonicalJson(template),
  )
}

/** FNV-32a of a text and bytes after it, in the safe alphabet. */
export function fnvHash(text: string, more: Uint8Array = new Uint8Array()): string {
  let hash = 0x811c9dc5
  for (const byte of [...Buffer.from(text), ...more]) hash = Math.imul(hash ^ byte, 0x01000193)
  return [...String(hash >>> 0)].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join('')
}
