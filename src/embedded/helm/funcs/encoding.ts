/** Base64, base32, hashes of text, and JSON. */
import { createHash } from 'node:crypto'
import { fromBytes, toBytes } from '../go/bytes.ts'
import { fromJson, JsonError, toJson } from '../go/json.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'

/** base64.StdEncoding.DecodeString. Returns the bytes, or Go's error message. */
export function decodeBase64(text: string): Uint8Array | string {
  const compact = text.replace(/[\r\n]/g, '')
  const corrupt = (at: number) => `illegal base64 data at input byte ${at}`
  const bad = /[^A-Za-z0-9+/=]/.exec(compact)
  if (bad) return corrupt(bad.index)
  const body = compact.replace(/={1,2}$/, '')
  const inner = body.indexOf('=')
  if (inner >= 0) return corrupt(inner)
  if (compact.length % 4 !== 0 || body.length % 4 === 1) {
    return corrupt(compact.length === body.length ? compact.length - (compact.length % 4) : body.length)
  }
  return Buffer.from(compact, 'base64')
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function encodeBase32(bytes: Uint8Array): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  let out = ''
  for (let i = 0; i < bits.length; i += 5)
    out += BASE32[Number.parseInt(bits.slice(i, i + 5).padEnd(5, '0'), 2)]
  return out.padEnd(Math.ceil(out.length / 8) * 8, '=')
}

function decodeBase32(text: string): string {
  const compact = text.replace(/[\r\n]/g, '')
  const body = compact.replace(/=+$/, '')
  const bad = [...body].findIndex((char) => !BASE32.includes(char))
  if (bad >= 0 || compact.length % 8 !== 0) {
    return `illegal base32 data at input byte ${bad >= 0 ? bad : body.length}`
  }
  const bits = [...body].map((char) => BASE32.indexOf(char).toString(2).padStart(5, '0')).join('')
  const bytes = (bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2))
  return fromBytes(Uint8Array.from(bytes))
}

function adler32(text: string): string {
  let a = 1
  let b = 0
  for (const byte of toBytes(text)) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return String(((b << 16) | a) >>> 0)
}

const hash = (algorithm: string) =>
  func('string', (text) => createHash(algorithm).update(toBytes(text)).digest('hex'))

/** The value's JSON, or a template error. */
function must<T>(convert: () => T): T {
  try {
    return convert()
  } catch (error) {
    if (error instanceof JsonError) throw new FuncError(error.message)
    throw error
  }
}

/** As `must`, with what Sprig returns when it ignores the error. */
function tolerate<T>(convert: () => T, otherwise: T): T {
  try {
    return convert()
  } catch (error) {
    if (error instanceof JsonError) return otherwise
    throw error
  }
}

export const encoding: FuncTable = {
  b64enc: func('string', (text) => Buffer.from(toBytes(text)).toString('base64')),
  b64dec: func('string', (text) => {
    const decoded = decodeBase64(text)
    return typeof decoded === 'string' ? decoded : fromBytes(decoded)
  }),
  b32enc: func('string', (text) => encodeBase32(toBytes(text))),
  b32dec: func('string', decodeBase32),
  sha1sum: hash('sha1'),
  sha256sum: hash('sha256'),
  sha512sum: hash('sha512'),
  adler32sum: func('string', adler32),
  mustFromJson: func('string', (text) => must(() => fromJson(text))),
  mustToJson: func('any', (value) => must(() => toJson(value))),
  toPrettyJson: func('any', (value) => tolerate(() => toJson(value, { indent: '  ' }), '')),
  mustToPrettyJson: func('any', (value) => must(() => toJson(value, { indent: '  ' }))),
  toRawJson: func('any', (value) => must(() => toJson(value, { escapeHtml: false }))),
  mustToRawJson: func('any', (value) => must(() => toJson(value, { escapeHtml: false }))),
}
