/** encoding/json: Marshal with its HTML escaping and number forms, Unmarshal with its error messages. */
import { replaceInvalid } from './bytes.ts'
import { formatFloat, isPrint } from './strconv.ts'
import { type GoMap, Int, isNil, Struct, sortedKeys, typeOf } from './value.ts'

export class JsonError extends Error {}

const HTML = /[<>&\u2028\u2029]/g
const LINE_SEPARATORS = /[\u2028\u2029]/g

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function encodeString(text: string, escapeHtml: boolean): string {
  return JSON.stringify(replaceInvalid(text)).replace(escapeHtml ? HTML : LINE_SEPARATORS, unicodeEscape)
}

/** JSON has no infinities. Throws a JsonError. */
export function requireFinite(value: number): void {
  if (!Number.isFinite(value)) throw new JsonError(`json: unsupported value: ${formatFloat(value, 'g', -1)}`)
}

/** A float64 in JSON: decimal between 1e-6 and 1e21, else with an exponent of no leading zero. */
export function jsonNumber(value: number): string {
  requireFinite(value)
  const magnitude = Math.abs(value)
  if (magnitude !== 0 && (magnitude < 1e-6 || magnitude >= 1e21)) {
    return formatFloat(value, 'e', -1).replace(/e-0(\d)$/, 'e-$1')
  }
  return formatFloat(value, 'f', -1)
}

/** json.Marshal, or MarshalIndent when `indent` is given. */
export function toJson(value: unknown, { escapeHtml = true, indent = '' } = {}): string {
  const encode = (item: unknown, prefix: string): string => {
    if (isNil(item) && !(item instanceof Map && item.size > 0)) return 'null'
    if (typeof item === 'string') return encodeString(item, escapeHtml)
    if (typeof item === 'number') return jsonNumber(item)
    if (typeof item === 'boolean') return String(item)
    if (item instanceof Int) return item.value.toString()
    if (item instanceof Uint8Array) return `"${Buffer.from(item).toString('base64')}"`
    const inner = prefix + indent
    const wrap = (open: string, parts: string[], close: string) => {
      if (parts.length === 0) return open + close
      if (!indent) return open + parts.join(',') + close
      return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${prefix}${close}`
    }
    if (Array.isArray(item))
      return wrap(
        '[',
        item.map((part) => encode(part, inner)),
        ']',
      )
    const colon = indent ? ': ' : ':'
    if (item instanceof Map) {
      const parts = sortedKeys(item).map(
        (key) => encodeString(key, escapeHtml) + colon + encode(item.get(key), inner),
      )
      return wrap('{', parts, '}')
    }
    if (item instanceof Struct) {
      if (item.stringer && item.fields.size === 0) return encodeString(item.stringer(), escapeHtml)
      const parts = jsonFields(item).map(
        ([key, field]) => encodeString(key, escapeHtml) + colon + encode(field, inner),
      )
      return wrap('{', parts, '}')
    }
    throw new JsonError(`json: unsupported type: ${typeOf(item)}`)
  }
  return encode(value, '')
}

/** The keys and values that a struct has in JSON. */
export function jsonFields(struct: Struct): [string, unknown][] {
  const out: [string, unknown][] = []
  for (const field of struct.fields.values()) {
    if (field.json === undefined || (field.omitEmpty && isEmpty(field.value))) continue
    out.push([field.json, field.value])
  }
  return out
}

function isEmpty(value: unknown): boolean {
  if (isNil(value) || value === '' || value === false || value === 0) return true
  if (value instanceof Int) return value.value === 0n
  if (value instanceof Map) return value.size === 0
  return Array.isArray(value) && value.length === 0
}

function describe(char: string): string {
  if (char === "'") return "'\\''"
  if (char === '"') return "'\"'"
  return isPrint(char) && char !== '\\' ? `'${char}'` : `'${JSON.stringify(char).slice(1, -1)}'`
}

class Reader {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  space(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? '-')) this.at++
  }

  fail(context: string): never {
    const char = this.text[this.at]
    if (char === undefined) throw new JsonError('unexpected end of JSON input')
    throw new JsonError(`invalid character ${describe(char)} ${context}`)
  }

  value(): unknown {
    this.space()
    const char = this.text[this.at]
    if (char === '{') return this.object()
    if (char === '[') return this.array()
    if (char === '"') return this.string()
    if (char === 't') return this.literal('true', true)
    if (char === 'f') return this.literal('false', false)
    if (char === 'n') return this.literal('null', null)
    return this.number()
  }

  literal(word: string, value: unknown): unknown {
    for (let i = 0; i < word.length; i++, this.at++) {
      if (this.text[this.at] !== word[i]) this.fail(`in literal ${word} (expecting '${word[i]}')`)
    }
    return value
  }

  number(): number {
    const match = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
    match.lastIndex = this.at
    const found = match.exec(this.text)
    if (!found) {
      if (this.text[this.at] === '-') {
        this.at++
        this.fail('in numeric literal')
      }
      this.fail('looking for beginning of value')
    }
    this.at += found[0].length
    return Number(found[0])
  }

  string(): string {
    const start = this.at++
    for (;;) {
      const char = this.text[this.at]
      if (char === '"') break
      if (char === undefined || char < ' ') this.fail('in string literal')
      if (char === '\\') {
        this.at++
        if (!'"\\/bfnrtu'.includes(this.text[this.at] ?? ' ')) this.fail('in string escape code')
      }
      this.at++
    }
    this.at++
    try {
      return (JSON.parse(this.text.slice(start, this.at)) as string).toWellFormed()
    } catch {
      throw new JsonError('invalid character in \\u hexadecimal character escape')
    }
  }

  array(): unknown[] {
    this.at++
    const out: unknown[] = []
    this.space()
    if (this.text[this.at] === ']') {
      this.at++
      return out
    }
    for (;;) {
      out.push(this.value())
      this.space()
      const char = this.text[this.at]
      if (char === ']') break
      if (char !== ',') this.fail('after array element')
      this.at++
    }
    this.at++
    return out
  }

  object(): GoMap {
    this.at++
    const out: GoMap = new Map()
    this.space()
    if (this.text[this.at] === '}') {
      this.at++
      return out
    }
    for (;;) {
      this.space()
      if (this.text[this.at] !== '"') this.fail('looking for beginning of object key string')
      const key = this.string()
      this.space()
      if (this.text[this.at] !== ':') this.fail('after object key')
      this.at++
      out.set(key, this.value())
      this.space()
      const char = this.text[this.at]
      if (char === '}') break
      if (char !== ',') this.fail('after object key:value pair')
      this.at++
    }
    this.at++
    return out
  }
}

/** json.Unmarshal into an interface{}: numbers become float64. */
export function fromJson(text: string): unknown {
  const reader = new Reader(text)
  const value = reader.value()
  reader.space()
  if (reader.at < text.length) reader.fail('after top-level value')
  return value
}

/** Decodes the JSON value that `text` starts with, and says how long it is (json.Decoder). */
export function jsonPrefix(text: string): { value: unknown; length: number } {
  const reader = new Reader(text)
  const value = reader.value()
  return { value, length: reader.at }
}
