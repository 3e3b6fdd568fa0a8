/** bcrypt password hashes. */
import { randomBytes } from 'node:crypto'
import { Blowfish } from './blowfish.ts'

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const MAGIC = Buffer.from('OrpheanBeholderScryDoubt')
const MAX_PASSWORD = 72
/** The last byte of the cipher text is dropped, by tradition. */
const HASH_BYTES = 23

function encode(bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes).toString('base64').replace(/=+$/, '')
  return base64.replace(/./g, (char) => ALPHABET[STANDARD.indexOf(char)] ?? '')
}

/** `$2a$10$` with salt and hash; undefined for a password longer than 72 bytes. `salt` has 16 bytes. */
export function bcryptHash(
  password: Uint8Array,
  cost = 10,
  salt: Uint8Array = randomBytes(16),
): string | undefined {
  if (password.length > MAX_PASSWORD) return undefined
  const key = Buffer.concat([password, Buffer.of(0)])
  const cipher = new Blowfish()
  cipher.expand(key, salt)
  for (let i = 0; i < 2 ** cost; i++) {
    cipher.expand(key)
    cipher.expand(salt)
  }
  const out = Buffer.from(MAGIC)
  for (let at = 0; at < out.length; at += 8) {
    cipher.left = out.readInt32BE(at)
    cipher.right = out.readInt32BE(at + 4)
    for (let i = 0; i < 64; i++) cipher.encrypt()
    out.writeInt32BE(cipher.left | 0, at)
    out.writeInt32BE(cipher.right | 0, at + 4)
  }
  return `$2a$${String(cost).padStart(2, '0')}$${encode(salt)}${encode(out.subarray(0, HASH_BYTES))}`
}
