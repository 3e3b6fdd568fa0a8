/** derivePassword: the Master Password algorithm, which makes a site's password from one secret. */
import { createHmac, scryptSync } from 'node:crypto'

const SEED = 'com.lyndir.masterpassword'

const TEMPLATES: Record<string, string> = {
  maximum: 'anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno',
  long:
    'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv ' +
    'CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv ' +
    'CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno',
  medium: 'CvcnoCvc CvcCvcno',
  short: 'Cvcn',
  basic: 'aaanaaan aannaaan aaannaaa',
  pin: 'nnnn',
}
const UPPER_VOWELS = 'AEIOU'
const LOWER_VOWELS = 'aeiou'
const UPPER_CONSONANTS = 'BCDFGHJKLMNPQRSTVWXYZ'
const LOWER_CONSONANTS = 'bcdfghjklmnpqrstvwxyz'
const LETTERS = UPPER_VOWELS + LOWER_VOWELS + UPPER_CONSONANTS + LOWER_CONSONANTS
const CLASSES: Record<string, string> = {
  V: UPPER_VOWELS,
  C: UPPER_CONSONANTS,
  v: LOWER_VOWELS,
  c: LOWER_CONSONANTS,
  A: UPPER_VOWELS + UPPER_CONSONANTS,
  a: LETTERS,
  n: '0123456789',
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: `${LETTERS}0123456789!@#$%^&*()`,
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function derivePassword(
  counter: number,
  kind: string,
  password: string,
  user: string,
  site: string,
): string {
  const templates = Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind]?.split(' ') : undefined
  if (!templates) return `cannot find password template ${kind}`
  const salted = (text: string) =>
    Buffer.concat([Buffer.from(SEED), word(Buffer.byteLength(text)), Buffer.from(text)])
  const options = { N: 32768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 }
  const key = scryptSync(Buffer.from(password), salted(user), 64, options)
  const seed = createHmac('sha256', key).update(salted(site)).update(word(counter)).digest()
  const template = templates[(seed[0] ?? 0) % templates.length] ?? ''
  return [...template]
    .map((letter, i) => {
      const chars = CLASSES[letter] ?? ''
      return chars[(seed[i + 1] ?? 0) % chars.length]
    })
    .join('')
}
