/** eq, ne, lt, le, gt, ge over Go's basic kinds. */
import { valueText } from '../go/format.ts'
import { compareStrings, Int, isNil, isSlice, kindOf, typeOf } from '../go/value.ts'
import { FuncError } from './errors.ts'

type Kind = 'bool' | 'int' | 'uint' | 'float' | 'string' | undefined

function basicKind(value: unknown): Kind {
  if (value instanceof Int) return value.kind.startsWith('u') ? 'uint' : 'int'
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'number':
      return 'float'
    case 'string':
      return 'string'
    default:
      return undefined
  }
}

function incompatible(a: unknown, b: unknown): FuncError {
  return new FuncError(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`)
}

const isInteger = (kind: Kind) => kind === 'int' || kind === 'uint'

/** True when `first` equals any of the others. */
export function equal(first: unknown, others: unknown[]): boolean {
  if (others.length === 0) throw new FuncError('missing argument for comparison')
  return others.some((other) => equalPair(first, other))
}

function equalPair(a: unknown, b: unknown): boolean {
  const x = basicKind(a)
  const y = basicKind(b)
  if (x !== y) {
    if (isInteger(x) && isInteger(y)) return (a as Int).value === (b as Int).value
    const bothValid = a !== undefined && a !== null && b !== undefined && b !== null
    if (bothValid) throw incompatible(a, b)
    return false
  }
  if (a instanceof Int && b instanceof Int) return a.value === b.value
  if (x !== undefined) return a === b
  const present = (value: unknown) => value !== undefined && value !== null
  if (present(a) && present(b) && kindOf(a) !== kindOf(b)) {
    throw new FuncError(`non-comparable types ${valueText(a)}: ${typeOf(a)}, ${typeOf(b)}: ${valueText(b)}`)
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b)
  if (b instanceof Map || isSlice(b)) throw new FuncError(`non-comparable type ${valueText(b)}: ${typeOf(b)}`)
  return a === b
}

export function less(a: unknown, b: unknown): boolean {
  const x = basicKind(a)
  const y = basicKind(b)
  if (x === undefined || y === undefined) throw new FuncError('invalid type for comparison')
  if (x !== y && !(isInteger(x) && isInteger(y))) throw incompatible(a, b)
  if (a instanceof Int && b instanceof Int) return a.value < b.value
  if (typeof a === 'number' && typeof b === 'number') return a < b
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b) < 0
  throw new FuncError('invalid type for comparison')
}

export function lessOrEqual(a: unknown, b: unknown): boolean {
  return less(a, b) || equalPair(a, b)
}
