/**
 * Go strings are bytes. A JavaScript string holds valid UTF-8 as itself and each invalid byte 0xNN as the lone
 * surrogate U+DCNN, so that binary data survives b64dec | b64enc, trunc and the like unchanged.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/
const ESCAPED = /[\udc80-\udcff]/
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function isAscii(text: string): boolean {
  return ASCII.test(text)
}

/** The string's bytes. */
export function toBytes(text: string): Uint8Array {
  if (!ESCAPED.test(text)) return Buffer.from(text, 'utf8')
  const parts: Buffer[] = []
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(char, 'utf8'))
  }
  return Buffer.concat(parts)
}

/** The string that has these bytes. */
export function fromBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodeEscaping(bytes)
  }
}

function decodeEscaping(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; ) {
    const width = sequenceWidth(bytes, i)
    if (width === 0) {
      text += String.fromCharCode(0xdc00 + (bytes[i] ?? 0))
      i++
    } else {
      text += strict.decode(bytes.subarray(i, i + width))
      i += width
    }
  }
  return text
}

/** Width of the valid UTF-8 sequence at `at`, or 0. */
function sequenceWidth(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const width = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0
  if (width === 0 || at + width > bytes.length) return 0
  try {
    strict.decode(bytes.subarray(at, at + width))
    return width
  } catch {
    return 0
  }
}

/** len(text) in Go. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : toBytes(text).length
}

/** text[start:end] in Go. Callers check the bounds. */
export function byteSlice(text: string, start: number, end: number): string {
  return isAscii(text) ? text.slice(start, end) : fromBytes(toBytes(text).subarray(start, end))
}

/** What encoders do with bytes that are not UTF-8: U+FFFD each. */
export function replaceInvalid(text: string): string {
  return text.toWellFormed()
}
