/** Number literals: which Go constants a template's number can be. */
import { parseFloat64, parseInt64, parseUint64, unquoteChar } from '../go/strconv.ts'
import type { NumberLiteral } from './ast.ts'

/** The literal as a node, or the message of a syntax error. */
export function numberLiteral(text: string, isChar: boolean, pos: number): NumberLiteral | string {
  if (isChar) {
    const code = unquoteChar(text)
    if (code === undefined) return `malformed character constant: ${text}`
    return { type: 'number', text, pos, int: BigInt(code), float: code }
  }
  const int = parseInt64(text)
  if (int !== undefined) return { type: 'number', text, pos, int, float: Number(int) }
  const uint = parseUint64(text)
  if (uint !== undefined) return { type: 'number', text, pos, float: Number(uint) }
  const float = parseFloat64(text.replace(/(?<=\d)_(?=\d)/g, ''))
  if (float === undefined) return `illegal number syntax: ${JSON.stringify(text)}`
  if (!/[.eEpP]/.test(text)) return `integer overflow: ${JSON.stringify(text)}`
  const whole = Number.isSafeInteger(float) ? BigInt(float) : undefined
  return { type: 'number', text, pos, float, ...(whole === undefined ? {} : { int: whole }) }
}
