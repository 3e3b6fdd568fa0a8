/** Decimal arithmetic for addf, subf, mulf and divf (shopspring/decimal): 0.1 + 0.2 is 0.3. */

interface Decimal {
  coefficient: bigint
  exponent: number
}

const DIVISION_DIGITS = 16

function fromFloat(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { coefficient: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

function align(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent)
  const scale = (d: Decimal) => d.coefficient * 10n ** BigInt(d.exponent - exponent)
  return [scale(a), scale(b), exponent]
}

export type DecimalOp = (a: Decimal, b: Decimal) => Decimal

export const add: DecimalOp = (a, b) => {
  const [x, y, exponent] = align(a, b)
  return { coefficient: x + y, exponent }
}

export const subtract: DecimalOp = (a, b) => {
  const [x, y, exponent] = align(a, b)
  return { coefficient: x - y, exponent }
}

export const multiply: DecimalOp = (a, b) => ({
  coefficient: a.coefficient * b.coefficient,
  exponent: a.exponent + b.exponent,
})

/** To 16 decimals, half away from zero. Throws a RangeError when dividing by zero. */
export const divide: DecimalOp = (a, b) => {
  const [x, y] = align(a, b)
  if (y === 0n) throw new RangeError('decimal division by 0')
  const negative = x < 0n !== y < 0n
  const magnitude = (n: bigint) => (n < 0n ? -n : n)
  const scaled = magnitude(x) * 10n ** BigInt(DIVISION_DIGITS + 1)
  const quotient = (scaled / magnitude(y) + 5n) / 10n
  return { coefficient: negative ? -quotient : quotient, exponent: -DIVISION_DIGITS }
}

/** Folds the numbers with the operation, as float64. */
export function decimalFold(first: number, rest: number[], op: DecimalOp): number {
  const result = rest.map(fromFloat).reduce(op, fromFloat(first))
  return Number(`${result.coefficient}e${result.exponent}`)
}
