/** Quantities as resource.Quantity writes them once it has read them. */
import { parseNano } from './quantity.ts'

const NANO = 1_000_000_000n
const KIBI = 1024n
/** The largest binary quantity; what is above is cut to it. */
const MAX = (1n << 63n) - 1n
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
/** By thousands from a billionth. Beyond the last one nothing is written, which makes `1000E` a `1`. */
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const PARTS = /^[+-]?0*(\d*)(?:\.(\d*))?(.*)$/
/** Digits that Go reads without arbitrary precision. */
const SHORT_DIGITS = 18
const SHORT_BINARY_DIGITS = 14

/**
 * The largest suffix of the text's own kind that leaves a whole number: `1000m` → `1`, `0.5` → `500m`,
 * `1.5Gi` → `1536Mi`. Texts that are so at a glance stay as they are, signs and all. Throws on what is no quantity.
 */
export function canonicalQuantity(text: string): string {
  const nano = parseNano(text)
  if (nano === 0n) return '0'
  const [, whole = '', fraction = '', suffix = ''] = PARTS.exec(text) ?? []
  const power = BINARY.indexOf(suffix, 1)
  if (power > 0 ? isBinaryAtAGlance(whole, fraction, power) : isDecimalAtAGlance(whole, fraction, suffix))
    return text
  const sign = nano < 0n ? '-' : ''
  const size = nano < 0n ? -nano : nano
  return sign + (power > 0 ? binary(size > MAX * NANO ? MAX * NANO : size) : decimal(size, suffix))
}

function isBinaryAtAGlance(whole: string, fraction: string, power: number): boolean {
  const room = SHORT_BINARY_DIGITS - (whole.length || 1) - 3 * power
  return fraction === '' && room >= 0 && Number(whole) % 8 !== 0
}

function isDecimalAtAGlance(whole: string, fraction: string, suffix: string): boolean {
  const digits = `${whole || '0'}${fraction}`
  const scale = exponentOf(suffix) - fraction.length
  return (
    digits.length <= SHORT_DIGITS &&
    scale >= -9 &&
    scale % 3 === 0 &&
    !digits.endsWith('000') &&
    !digits.startsWith('0')
  )
}

function exponentOf(suffix: string): number {
  const step = DECIMAL.indexOf(suffix)
  return step >= 0 ? 3 * step - 9 : Number(suffix.slice(1))
}

function binary(nano: bigint): string {
  // Below 1024, or with a fraction, it is written in decimal form, so that nothing is lost.
  if (nano < KIBI * NANO || nano % NANO !== 0n) return decimal(nano, '')
  const [mantissa, step] = reduce(nano / NANO, KIBI)
  return `${mantissa}${BINARY[step]}`
}

function decimal(nano: bigint, suffix: string): string {
  const [mantissa, step] = reduce(nano, 1000n)
  if (DECIMAL.includes(suffix)) return `${mantissa}${DECIMAL[step] ?? ''}`
  const exponent = 3 * step - 9
  return exponent === 0 ? String(mantissa) : `${mantissa}e${exponent}`
}

/** The value without its factors of `base`, and how many they were. */
function reduce(value: bigint, base: bigint): [mantissa: bigint, factors: number] {
  let rest = value
  let factors = 0
  while (rest % base === 0n) {
    rest /= base
    factors++
  }
  return [rest, factors]
}
