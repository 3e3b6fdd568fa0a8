/** Quantities (`500m`, `1.5`, `64Mi`, `1e3`) as exact numbers, and back. */

const SUFFIXES: Record<string, [base: bigint, exponent: bigint]> = {
  n: [10n, -9n],
  u: [10n, -6n],
  m: [10n, -3n],
  '': [10n, 0n],
  k: [10n, 3n],
  M: [10n, 6n],
  G: [10n, 9n],
  T: [10n, 12n],
  P: [10n, 15n],
  E: [10n, 18n],
  Ki: [2n, 10n],
  Mi: [2n, 20n],
  Gi: [2n, 30n],
  Ti: [2n, 40n],
  Pi: [2n, 50n],
  Ei: [2n, 60n],
}
const MAX_EXPONENT = 64
const DECIMAL_SUFFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E']
const QUANTITY = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/

/** Whether resource.ParseQuantity accepts the text. */
export function isQuantity(text: string): boolean {
  return QUANTITY.test(text)
}

/** The value in billionths, rounded away from zero as resource.Quantity does. Throws on what is no quantity. */
export function parseNano(text: string | number): bigint {
  const match = QUANTITY.exec(String(text))
  if (!match) throw new Error(`${JSON.stringify(text)} is not a quantity`)
  const [, sign, whole = '', fraction = '', exponent, suffix = ''] = match
  const digits = BigInt(`${whole}${fraction}`)
  const [base, power] = exponent === undefined ? SUFFIXES[suffix]! : [10n, clampExponent(exponent)]
  const tens = 9n - BigInt(fraction.length) + (base === 10n ? power : 0n)
  const scaled = base === 2n ? digits << power : digits
  const nano = tens >= 0n ? scaled * 10n ** tens : ceilDivide(scaled, 10n ** -tens)
  return sign === '-' ? -nano : nano
}

/** Beyond what any resource counts, so that `1e999999999` costs no memory. */
function clampExponent(exponent: string): bigint {
  return BigInt(Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, Number(exponent))))
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return value > 0n ? (value + by - 1n) / by : value / by
}

/** The value in thousandths, rounded up (Quantity.MilliValue), capped to what a number holds exactly. */
export function milliValue(text: string | number): number {
  const milli = ceilDivide(parseNano(text), 1_000_000n)
  const cap = BigInt(Number.MAX_SAFE_INTEGER)
  return Number(milli > cap ? cap : milli)
}

/** The value as a plain number: for comparing, not for exact sums of huge values. */
export function numericValue(text: string | number): number {
  return Number(parseNano(text)) / 1e9
}

/** As numericValue, of a value that may be anything; NaN when it is no quantity. */
export function numericValueOrNaN(value: unknown): number {
  const text = String(value)
  return isQuantity(text) ? numericValue(text) : Number.NaN
}

/** A whole number of thousandths in canonical decimal form: 2867 → `2867m`, 3000 → `3`, 5_000_000 → `5k`. */
export function formatMilli(milli: number): string {
  if (milli % 1000 !== 0) return `${BigInt(milli)}m`
  // In exact digits: a number of this size would print with an exponent.
  let rest = BigInt(milli) / 1000n
  let step = 0
  while (rest !== 0n && rest % 1000n === 0n && step < DECIMAL_SUFFIXES.length - 1) {
    rest /= 1000n
    step++
  }
  return `${rest}${DECIMAL_SUFFIXES[step]}`
}
