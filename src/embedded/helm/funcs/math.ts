/** Sprig's numeric functions. */
import { randomInt } from 'node:crypto'
import { sprint } from '../go/format.ts'
import { parseDecimal } from '../go/strconv.ts'
import { type Int, int, int64, typed } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'
import { toFloat64, toInt64 } from './cast.ts'
import { add, type DecimalOp, decimalFold, divide, multiply, subtract } from './decimal.ts'

function division(a: unknown, b: unknown, op: (x: bigint, y: bigint) => bigint): Int {
  const divisor = toInt64(b)
  if (divisor === 0n) throw new FuncError('runtime error: integer divide by zero')
  return int64(op(toInt64(a), divisor))
}

function decimals(op: DecimalOp): (first: unknown, ...rest: unknown[]) => number {
  return (first, ...rest) => {
    try {
      return decimalFold(toFloat64(first), rest.map(toFloat64), op)
    } catch (error) {
      if (error instanceof RangeError) throw new FuncError(error.message)
      throw error
    }
  }
}

function untilStep(start: number, stop: number, step: number): number[] {
  const out: number[] = []
  if (stop < start) {
    if (step < 0) for (let i = start; i > stop; i += step) out.push(i)
  } else if (step > 0) {
    for (let i = start; i < stop; i += step) out.push(i)
  }
  return out
}

const intSlice = (numbers: number[]) =>
  typed(
    numbers.map((n) => int(n)),
    '[]int',
  )
const num = (value: Int): number => Number(value.value)

/** Like the shell's seq: end, or start end, or start step end, both ends included. */
function seq(...params: Int[]): string {
  const [a = 0, b = 0, c = 0] = params.map(num)
  switch (params.length) {
    case 1: {
      const step = a < 1 ? -1 : 1
      return untilStep(1, a + step, step).join(' ')
    }
    case 2: {
      const step = b < a ? -1 : 1
      return untilStep(a, b + step, step).join(' ')
    }
    case 3:
      if (c < a && b > 0) return ''
      return untilStep(a, c + (c < a ? -1 : 1), b).join(' ')
    default:
      return ''
  }
}

function round(value: unknown, places: Int, roundOn = 0.5): number {
  const scale = 10 ** num(places)
  const digit = scale * toFloat64(value)
  const fraction = digit - Math.trunc(digit)
  return (fraction >= roundOn ? Math.ceil(digit) : Math.floor(digit)) / scale
}

function randomBetween(min: Int, max: Int): Int {
  const range = num(max) - num(min)
  if (range <= 0) throw new FuncError('invalid argument to Intn')
  return int(randomInt(range) + num(min))
}

/** Reads the number's decimal digits as octal. */
function toDecimal(value: unknown): Int {
  const text = sprint([value])
  return int64(/^[+-]?[0-7]+$/.test(text) ? BigInt(Number.parseInt(text, 8)) : 0)
}

const larger = (a: bigint, b: bigint): bigint => (a < b ? b : a)
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)

const max = func('any, ...any', (...values) => int64(values.map(toInt64).reduce(larger)))

export const math: FuncTable = {
  int: func('any', (value) => int(toInt64(value))),
  int64: func('any', (value) => int64(toInt64(value))),
  float64: func('any', toFloat64),
  atoi: func('string', (text: string) => int(parseDecimal(text) ?? 0n)),
  toDecimal: func('any', toDecimal),
  seq: func('...int', seq),
  until: func('int', (count: Int) => intSlice(untilStep(0, num(count), num(count) < 0 ? -1 : 1))),
  untilStep: func('int, int, int', (start, stop, step) =>
    intSlice(untilStep(num(start), num(stop), num(step))),
  ),
  add1: func('any', (value) => int64(toInt64(value) + 1n)),
  add: func('...any', (...values) => int64(values.reduce((sum: bigint, value) => sum + toInt64(value), 0n))),
  sub: func('any, any', (a, b) => int64(toInt64(a) - toInt64(b))),
  mul: func('any, ...any', (...values) =>
    int64(values.reduce((product: bigint, v) => product * toInt64(v), 1n)),
  ),
  div: func('any, any', (a, b) => division(a, b, (x, y) => x / y)),
  mod: func('any, any', (a, b) => division(a, b, (x, y) => x % y)),
  randInt: func('int, int', randomBetween),
  add1f: func('any', (value) => decimals(add)(value, 1)),
  addf: func('...any', (...values) => decimals(add)(0, ...values)),
  subf: func('any, ...any', decimals(subtract)),
  divf: func('any, ...any', decimals(divide)),
  mulf: func('any, ...any', decimals(multiply)),
  max,
  biggest: max,
  min: func('any, ...any', (...values) => int64(values.map(toInt64).reduce(smaller))),
  maxf: func('any, ...any', (...values) => Math.max(...values.map(toFloat64))),
  minf: func('any, ...any', (...values) => Math.min(...values.map(toFloat64))),
  ceil: func('any', (value) => Math.ceil(toFloat64(value))),
  floor: func('any', (value) => Math.floor(toFloat64(value))),
  round: func('any, int, ...float64', round),
}
