/** DER, the binary form of keys and certificates: enough to write a certificate and to take one apart. */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** One element: its tag, its length, its content. */
export function element(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body])
  const hex = body.length.toString(16)
  const length = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, body])
}

export const sequence = (...content: Uint8Array[]): Buffer => element(TAG.sequence, ...content)

/** A non-negative INTEGER. */
export function integer(value: bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return element(TAG.integer, ...((bytes[0] ?? 0) & 0x80 ? [Buffer.of(0)] : []), bytes)
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const groups = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return element(TAG.oid, Uint8Array.from(bytes))
}

/** A BIT STRING of whole bytes, or with this many unused bits at the end. */
export function bitString(bytes: Uint8Array, unused = 0): Buffer {
  return element(TAG.bitString, Buffer.of(unused), bytes)
}

/** UTCTime until 2049, GeneralizedTime from then on, as certificates have it. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  if (date.getUTCFullYear() < 2050) return element(TAG.utcTime, Buffer.from(digits.slice(2)))
  return element(TAG.generalizedTime, Buffer.from(digits))
}

export interface Element {
  tag: number
  content: Buffer
  /** The element's bytes, header included. */
  raw: Buffer
}

/** The elements in a content. */
export function readElements(content: Buffer): Element[] {
  const out: Element[] = []
  for (let at = 0; at < content.length; ) {
    const start = at
    const tag = content.readUInt8(at)
    let length = content.readUInt8(at + 1)
    at += 2
    if (length & 0x80) {
      const width = length & 0x7f
      length = content.readUIntBE(at, width)
      at += width
    }
    out.push({ tag, content: content.subarray(at, at + length), raw: content.subarray(start, at + length) })
    at += length
  }
  return out
}

/** An INTEGER's value. */
export function integerOf(item: Element | undefined): bigint {
  return BigInt(`0x${item?.content.toString('hex') || '0'}`)
}

/** PEM, in lines of 64. */
export function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}

/** The first block of a PEM text. */
export function readPem(text: string): { label: string; der: Buffer } | undefined {
  const match = /-----BEGIN ([^-]+)-----\r?\n([\s\S]*?)-----END \1-----/.exec(text)
  return match ? { label: match[1] ?? '', der: Buffer.from(match[2] ?? '', 'base64') } : undefined
}
