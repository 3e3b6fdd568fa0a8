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
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/

/** The value in billionths, rounded away from zero as resource.Quantity does. Throws on what is no quantity. */
export function parseNano(text: string | number): bigint {
  const match = QUANTITY.exec(String(text))
  if (!match || !(match[2] || match[3])) throw new Error(`${JSON.stringify(text)} is not a quantity`)
  const [, sign, whole = '', fraction = '', exponent, suffix = ''] = match
  const digits = BigInt(`${whole}${fraction}`)
  const [base, power] = exponent === undefined ? SUFFIXES[suffix]! : [10n, BigInt(exponent)]
  const tens = 9n - BigInt(fraction.length) + (base === 10n ? power : 0n)
  const scaled = base === 2n ? digits << power : digits
  const nano = tens >= 0n ? scaled * 10n ** tens : ceilDivide(scaled, 10n ** -tens)
  return sign === '-' ? -nano : nano
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

/** A count of thousandths in canonical decimal form: 2867 → `2867m`, 3000 → `3`, 5_000_000 → `5k`. */
export function formatMilli(milli: number): string {
  if (milli % 1000 !== 0) return `${milli}m`
  return formatDecimal(milli / 1000)
}

const DECIMAL_SUFFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E']

function formatDecimal(value: number): string {
  let rest = value
  let step = 0
  while (rest !== 0 && rest % 1000 === 0 && step < DECIMAL_SUFFIXES.length - 1) {
    rest /= 1000
    step++
  }
  return `${rest}${DECIMAL_SUFFIXES[step]}`
}
