/** generateName: the random names that the server makes. */
import { randomInt } from 'node:crypto'
import { ApiError, qualified } from '../../errors.ts'
import type { ResourceInfo } from '../../schema/types.ts'

// No vowels and none of 0, 1, 3: so that no word comes about (apimachinery pkg/util/rand).
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const SUFFIX = 5
const MAX_BASE = 63 - SUFFIX
const TRIES = 8

/** `base` and five random characters, not yet taken; 409 when eight tries were. */
export function generateName(info: ResourceInfo, base: string, taken: (name: string) => boolean): string {
  let name = ''
  for (let attempt = 0; attempt < TRIES; attempt++) {
    name = base.slice(0, MAX_BASE) + randomSuffix()
    if (!taken(name)) return name
  }
  throw new ApiError(
    409,
    'AlreadyExists',
    `${qualified(info.group, info.plural)} "${name}" already exists, the server was not able to generate a unique name for the object`,
    { name, ...(info.group ? { group: info.group } : {}), kind: info.plural, retryAfterSeconds: 1 },
  )
}

function randomSuffix(): string {
  return Array.from({ length: SUFFIX }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}
