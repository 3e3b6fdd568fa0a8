/** The functions that text/template itself defines. */
import { byteLength, byteSlice, toBytes } from '../go/bytes.ts'
import { sprint, sprintf, sprintln } from '../go/format.ts'
import { isPrint } from '../go/strconv.ts'
import { elements, Int, int, isSlice, type Slice, truth, typed, typeOf, zeroOfElement } from '../go/value.ts'
import { equal, less, lessOrEqual } from './compare.ts'
import { FuncError } from './errors.ts'
import { type FuncTable, func } from './func.ts'
import { AND, OR } from './short-circuit.ts'

function indexNumber(index: unknown, capacity: number): number {
  if (index === undefined || index === null) throw new FuncError('cannot index slice/array with nil')
  if (!(index instanceof Int)) throw new FuncError(`cannot index slice/array with type ${typeOf(index)}`)
  const at = Number(index.value)
  if (at < 0 || at > capacity) throw new FuncError(`index out of range: ${at}`)
  return at
}

function index(start: unknown, ...indexes: unknown[]): unknown {
  let item = start
  if (item === undefined || item === null) throw new FuncError('index of untyped nil')
  for (const key of indexes) {
    if (item === undefined || item === null) throw new FuncError('index of nil pointer')
    if (item instanceof Map) {
      if (key === undefined || key === null) throw new FuncError('value is nil; should be of type string')
      if (typeof key !== 'string') throw new FuncError(`value has type ${typeOf(key)}; should be string`)
      item = item.has(key) ? item.get(key) : zeroOfElement(item)
    } else if (typeof item === 'string' || isSlice(item)) {
      const list = typeof item === 'string' ? toBytes(item) : item
      const at = indexNumber(key, list.length)
      if (at >= list.length) {
        const what = typeof item === 'string' ? 'string' : 'slice'
        throw new FuncError(`reflect: ${what} index out of range`)
      }
      item = elements(list)[at]
    } else {
      throw new FuncError(`can't index item of type ${typeOf(item)}`)
    }
  }
  return item
}

function slice(item: unknown, ...indexes: unknown[]): unknown {
  if (item === undefined || item === null) throw new FuncError('slice of untyped nil')
  if (indexes.length > 3) throw new FuncError(`too many slice indexes: ${indexes.length}`)
  if (typeof item === 'string' && indexes.length === 3) throw new FuncError('cannot 3-index slice a string')
  if (typeof item !== 'string' && !isSlice(item))
    throw new FuncError(`can't slice item of type ${typeOf(item)}`)
  const length = typeof item === 'string' ? byteLength(item) : item.length
  const [start = 0, end = length] = indexes.map((at) => indexNumber(at, length))
  if (start > end) throw new FuncError(`invalid slice index: ${start} > ${end}`)
  if (typeof item === 'string') return byteSlice(item, start, end)
  return typed(item.slice(start, end), typeOf(item))
}

function length(item: unknown): Int {
  if (item === undefined) throw new FuncError('reflect: call of reflect.Value.Type on zero Value')
  if (item === null) throw new FuncError('len of nil pointer')
  if (typeof item === 'string') return int(byteLength(item))
  if (item instanceof Map) return int(item.size)
  if (isSlice(item)) return int(item.length)
  throw new FuncError(`len of type ${typeOf(item)}`)
}

/** What html, js and urlquery work on: one string as it is, else fmt.Sprint with invalid values spelt out. */
function textOf(args: Slice): string {
  const [only] = args
  if (args.length === 1 && typeof only === 'string') return only
  return sprint(args.map((arg) => (arg === undefined || arg === null ? '<no value>' : arg)))
}

const HTML: Record<string, string> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}
const JS: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
}

function escapeJs(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are escaped
  return text.replace(/[\\'"<>&=\x00-\x1f]|[^\x00-\x7f]/gu, (char) => {
    if (char > '\x7f' && isPrint(char)) return char
    const hex = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return JS[char] ?? `\\u${hex}`
  })
}

/** url.QueryEscape. */
function queryEscape(text: string): string {
  let out = ''
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte)
    if (/[A-Za-z0-9\-_.~]/.test(char)) out += char
    else out += char === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}

function callFunction(fn: unknown): never {
  if (fn === undefined || fn === null) throw new FuncError('call of nil')
  throw new FuncError(`non-function of type ${typeOf(fn)}`)
}

export const builtins: FuncTable = {
  and: AND,
  or: OR,
  not: func('value', (value) => !truth(value)),
  eq: func('value, ...value', (first, ...others) => equal(first, others)),
  ne: func('value, value', (a, b) => !equal(a, [b])),
  lt: func('value, value', less),
  le: func('value, value', lessOrEqual),
  gt: func('value, value', (a, b) => !lessOrEqual(a, b)),
  ge: func('value, value', (a, b) => !less(a, b)),
  index: func('value, ...value', index),
  slice: func('value, ...value', slice),
  len: func('value', length),
  print: func('...any', (...args) => sprint(args)),
  println: func('...any', (...args) => sprintln(args)),
  printf: func('string, ...any', (format: string, ...args) => sprintf(format, args)),
  html: func('...any', (...args) => textOf(args).replace(/[\0"'&<>]/g, (char) => HTML[char] ?? char)),
  js: func('...any', (...args) => escapeJs(textOf(args))),
  urlquery: func('...any', (...args) => queryEscape(textOf(args))),
  call: func('value, ...value', callFunction),
}
