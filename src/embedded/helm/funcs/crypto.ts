/** Sprig's cryptographic functions: keys, certificates, passwords, AES, random bytes, UUIDs. */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { fromBytes, toBytes } from '../go/bytes.ts'
import type { Int } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'
import { bcryptHash } from './bcrypt.ts'
import { buildCustom, generateCa, generateSelfSigned, generateSigned } from './certificates.ts'
import { decodeBase64 } from './encoding.ts'
import { generatePrivateKey } from './keys.ts'
import { derivePassword } from './master-password.ts'

function bcrypt(text: string): string {
  const tooLong = 'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes'
  return bcryptHash(toBytes(text)) ?? tooLong
}

const IV_BYTES = 16

/** AES-256 takes 32 bytes of key: a password is cut or filled with zeros. */
function aesKey(password: string): Buffer {
  const key = Buffer.alloc(32)
  key.set(toBytes(password).subarray(0, 32))
  return key
}

function encryptAes(password: string, text: string): string {
  if (text === '') return ''
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-cbc', aesKey(password), iv)
  return Buffer.concat([iv, cipher.update(toBytes(text)), cipher.final()]).toString('base64')
}

function decryptAes(password: string, base64: string): string {
  if (base64 === '') return ''
  const data = decodeBase64(base64)
  if (typeof data === 'string') throw new FuncError(data)
  if (data.length <= IV_BYTES || data.length % IV_BYTES !== 0) {
    throw new FuncError('crypto/cipher: input not full blocks')
  }
  const decipher = createDecipheriv('aes-256-cbc', aesKey(password), data.subarray(0, IV_BYTES))
  decipher.setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(data.subarray(IV_BYTES)), decipher.final()])
  // The padding is not checked: a wrong password gives wrong text, or this.
  const length = plain.length - (plain.at(-1) ?? 0)
  if (length < 0) throw new FuncError('runtime error: slice bounds out of range')
  return fromBytes(plain.subarray(0, length))
}

function htpasswd(user: string, password: string): string {
  return user.includes(':') ? `invalid username: ${user}` : `${user}:${bcrypt(password)}`
}

export const crypto: FuncTable = {
  bcrypt: func('string', bcrypt),
  htpasswd: func('string, string', htpasswd),
  genPrivateKey: func('string', generatePrivateKey),
  derivePassword: func('uint32, string, string, string, string', (counter: Int, kind, password, user, site) =>
    derivePassword(Number(counter.value), kind, password, user, site),
  ),
  buildCustomCert: func('string, string', buildCustom),
  genCA: func('string, int', generateCa),
  genCAWithKey: func('string, int, string', generateCa),
  genSelfSignedCert: func('string, list, list, int', generateSelfSigned),
  genSelfSignedCertWithKey: func('string, list, list, int, string', generateSelfSigned),
  genSignedCert: func('string, list, list, int, cert', generateSigned),
  genSignedCertWithKey: func('string, list, list, int, cert, string', generateSigned),
  encryptAES: func('string, string', encryptAes),
  decryptAES: func('string, string', decryptAes),
  randBytes: func('int', (count: Int) => randomBytes(Number(count.value)).toString('base64')),
  uuidv4: func('', () => randomUUID()),
}
