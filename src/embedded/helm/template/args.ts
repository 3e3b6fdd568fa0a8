/** Fits values and literals to parameter types, as text/template checks them before a call. */
import { Int, nilOf, type ParamType, Struct, typeOf } from '../go/value.ts'
import { type NumberLiteral, nodeText, type Operand } from './ast.ts'

/** Why an argument does not fit; the engine adds the place. */
export class ArgumentError extends Error {}

function isAssignable(value: unknown, type: ParamType): boolean {
  switch (type) {
    case 'interface {}':
    case 'reflect.Value':
      return true
    case 'string':
      return typeof value === 'string'
    case 'bool':
      return typeof value === 'boolean'
    case 'float64':
      return typeof value === 'number'
    case 'int':
    case 'int64':
    case 'uint32':
      return value instanceof Int && value.kind === type
    case 'map[string]interface {}':
      return value instanceof Map && (typeOf(value) === type || typeOf(value) === 'chartutil.Values')
    case '[]interface {}':
      return Array.isArray(value) && typeOf(value) === type
    default:
      return value instanceof Struct && value.type === type
  }
}

/** The value as an argument of this type. A nil becomes the type's nil where it has one. */
export function fitValue(value: unknown, type: ParamType): unknown {
  if (value === undefined) {
    switch (type) {
      case 'interface {}':
        return null
      case 'reflect.Value':
        return undefined
      case 'map[string]interface {}':
        return nilOf(new Map())
      case '[]interface {}':
        return nilOf([])
      default:
        throw new ArgumentError(`invalid value; expected ${type}`)
    }
  }
  if (isAssignable(value, type)) return value
  const actual = value === null ? 'interface {}' : typeOf(value)
  throw new ArgumentError(`wrong type for value; expected ${type}; got ${actual}`)
}

/** The value of a number where nothing tells its type: its spelling does. */
export function idealConstant(node: NumberLiteral): unknown {
  const { text } = node
  const hex = /^0[xX]/.test(text) && !/[pP]/.test(text)
  if (node.float !== undefined && !hex && !text.startsWith("'") && /[.eEpP]/.test(text)) return node.float
  if (node.int !== undefined) return new Int('int', node.int)
  throw new ArgumentError(`${text} overflows int`)
}

/** A literal as an argument of this type. */
export function fitLiteral(node: Operand, type: ParamType): unknown {
  switch (type) {
    case 'interface {}':
    case 'reflect.Value':
      if (node.type === 'number') return idealConstant(node)
      if (node.type === 'string' || node.type === 'bool') return node.value
      break
    case 'string':
      if (node.type === 'string') return node.value
      throw new ArgumentError(`expected string; found ${nodeText(node)}`)
    case 'bool':
      if (node.type === 'bool') return node.value
      throw new ArgumentError(`expected bool; found ${nodeText(node)}`)
    case 'int':
    case 'int64':
      if (node.type === 'number' && node.int !== undefined) return new Int(type, node.int)
      throw new ArgumentError(`expected integer; found ${nodeText(node)}`)
    case 'uint32':
      if (node.type === 'number' && node.int !== undefined && node.int >= 0n) {
        return new Int(type, BigInt.asUintN(32, node.int))
      }
      throw new ArgumentError(`expected unsigned integer; found ${nodeText(node)}`)
    case 'float64':
      if (node.type === 'number' && node.float !== undefined) return node.float
      throw new ArgumentError(`expected float; found ${nodeText(node)}`)
  }
  throw new ArgumentError(`can't handle ${nodeText(node)} for arg of type ${type}`)
}

/** The literal `nil` as an argument of this type. */
export function fitNil(type: ParamType): unknown {
  switch (type) {
    case 'interface {}':
      return null
    case 'reflect.Value':
      return undefined
    case 'map[string]interface {}':
      return nilOf(new Map())
    case '[]interface {}':
      return nilOf([])
    default:
      throw new ArgumentError(`cannot assign nil to ${type}`)
  }
}
