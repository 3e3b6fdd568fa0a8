/** Decoding strategies of remote values. */
import type { Decoding, SecretData } from '../types.ts'

const STANDARD = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const URL_SAFE = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?$/

/** Every value decoded. Throws `error applying decoding strategy …` with the first that is not encoded so. */
export function decodeAll(data: SecretData, strategy: Decoding | undefined): SecretData {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const decoded = decode(value, strategy)
      if (!decoded)
        throw new Error(`error applying decoding strategy ${strategy} to data: illegal base64 data`)
      return [key, decoded]
    }),
  )
}

/** The bytes, or undefined when they are not encoded as the strategy says. */
export function decode(value: Buffer, strategy: Decoding | undefined): Buffer | undefined {
  switch (strategy) {
    case 'Base64':
      return base64(value, STANDARD)
    case 'Base64URL':
      return base64(value, URL_SAFE)
    case 'Auto':
      return base64(value, STANDARD) ?? base64(value, URL_SAFE) ?? value
    default:
      return value
  }
}

/** Go's decoder wants padding and passes over line breaks. */
function base64(value: Buffer, alphabet: RegExp): Buffer | undefined {
  const text = value.toString('latin1').replace(/[\r\n]/g, '')
  return alphabet.test(text) ? Buffer.from(text, 'base64') : undefined
}
