/** TOML, for toToml and fromToml. */
import { formatFloat, parseFloat64, parseInt64 } from '../go/strconv.ts'
import { type GoMap, Int, int64, isNil, Struct, sortedKeys, typeOf } from '../go/value.ts'

export class TomlError extends Error {}

/** Tables after plain values, keys in order, nested tables indented (BurntSushi/toml's encoder). */
export function toToml(value: unknown): string {
  if (!(value instanceof Map)) throw new TomlError(`toml: top-level values must be Go maps or structs`)
  const out: string[] = []
  writeTable(out, value, [])
  return out.join('')
}

const isTable = (value: unknown) => value instanceof Map || value instanceof Struct
const isTableList = (value: unknown): value is GoMap[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Map)

function writeTable(out: string[], table: GoMap, path: string[]): void {
  const indent = '  '.repeat(Math.max(path.length, 0))
  const keys = sortedKeys(table).filter((key) => !isNil(table.get(key)))
  const nested = keys.filter((key) => isTable(table.get(key)) || isTableList(table.get(key)))
  for (const key of keys.filter((name) => !nested.includes(name))) {
    out.push(`${indent}${keyText(key)} = ${valueText(table.get(key))}\n`)
  }
  for (const key of nested) {
    const member = table.get(key)
    const name = [...path, key].map(keyText).join('.')
    const tables = isTableList(member) ? member : [member as GoMap]
    for (const inner of tables) {
      if (out.length > 0 && path.length === 0) out.push('\n')
      out.push(isTableList(member) ? `${indent}[[${name}]]\n` : `${indent}[${name}]\n`)
      writeTable(out, inner, [...path, key])
    }
  }
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : stringText(key)
}

const ESCAPES: Record<string, string> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}

function stringText(text: string): string {
  const escaped = text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: TOML escapes them
    /[\x00-\x1f\x7f"\\]/g,
    (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `"${escaped}"`
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return stringText(value)
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Int) return value.value.toString()
  if (typeof value === 'number') return floatText(value)
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (value instanceof Map) {
    const members = sortedKeys(value).map((key) => `${keyText(key)} = ${valueText(value.get(key))}`)
    return `{${members.join(', ')}}`
  }
  throw new TomlError(`toml: cannot encode ${typeOf(value)}`)
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const text = formatFloat(
    value,
    Math.abs(value) >= 1e21 || (value !== 0 && Math.abs(value) < 1e-6) ? 'e' : 'f',
    -1,
  )
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** A document as a map. Integers are int64, dates stay text. Throws a TomlError. */
export function parseToml(text: string): GoMap {
  return new Parser(text).document()
}

const BARE_KEY = /[A-Za-z0-9_-]+/y
const SCALAR = /[^\s,\]}#]+(?: \d{2}:\d{2}:\d{2}[^\s,\]}#]*)?/y
const UNESCAPES: Record<string, string> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  '\\': '\\',
  e: '\x1b',
}

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): GoMap {
    const root: GoMap = new Map()
    let table = root
    for (this.#skip(true); this.#at < this.#text.length; this.#skip(true)) {
      if (this.#take('[[')) {
        table = this.#arrayTable(root, this.#keys())
        this.#expect(']]')
      } else if (this.#take('[')) {
        table = this.#descend(root, this.#keys())
        this.#expect(']')
      } else {
        this.#pair(table)
      }
      this.#skip(false)
      if (this.#at < this.#text.length && !/[\r\n]/.test(this.#char)) {
        this.#fail(
          `expected a top-level item to end with a newline, comment, or EOF, but got '${this.#char}' instead`,
        )
      }
    }
    return root
  }

  get #char(): string {
    return this.#text[this.#at] ?? ''
  }

  #fail(problem: string): never {
    const line = this.#text.slice(0, this.#at).split('\n').length
    throw new TomlError(`toml: line ${line}: ${problem}`)
  }

  #skip(lines: boolean): void {
    const blank = lines ? /(?:\s|#[^\n]*)*/y : /(?:[ \t]|#[^\n]*)*/y
    blank.lastIndex = this.#at
    this.#at += blank.exec(this.#text)?.[0].length ?? 0
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  #expect(token: string): void {
    this.#skip(false)
    if (!this.#take(token)) this.#fail(`expected '${token}' but got '${this.#char}' instead`)
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #keys(): string[] {
    const keys: string[] = []
    do {
      this.#skip(false)
      if (this.#char === '"' || this.#char === "'") keys.push(this.#string())
      else keys.push(this.#match(BARE_KEY) ?? this.#fail(`expected a key but got '${this.#char}' instead`))
      this.#skip(false)
    } while (this.#take('.'))
    return keys
  }

  #descend(table: GoMap, keys: string[]): GoMap {
    let at = table
    for (const key of keys) {
      const next = at.get(key)
      if (next instanceof Map) at = next
      else if (Array.isArray(next) && next.at(-1) instanceof Map) at = next.at(-1) as GoMap
      else if (next === undefined) {
        const made: GoMap = new Map()
        at.set(key, made)
        at = made
      } else this.#fail(`Key '${keys.join('.')}' has already been defined.`)
    }
    return at
  }

  #arrayTable(root: GoMap, keys: string[]): GoMap {
    const parent = this.#descend(root, keys.slice(0, -1))
    const key = keys.at(-1) ?? ''
    const list = parent.get(key) ?? []
    if (!Array.isArray(list)) this.#fail(`Key '${key}' was already created and cannot be used as an array.`)
    const table: GoMap = new Map()
    parent.set(key, [...list, table])
    return table
  }

  #pair(table: GoMap): void {
    const keys = this.#keys()
    this.#expect('=')
    this.#skip(false)
    const target = this.#descend(table, keys.slice(0, -1))
    const key = keys.at(-1) ?? ''
    if (target.has(key)) this.#fail(`Key '${keys.join('.')}' has already been defined.`)
    target.set(key, this.#value())
  }

  #value(): unknown {
    if (this.#char === '"' || this.#char === "'") return this.#string()
    if (this.#take('[')) return this.#array()
    if (this.#take('{')) return this.#inlineTable()
    const text = this.#match(SCALAR)
    if (text === undefined) this.#fail(`expected value but found '${this.#char}' instead`)
    if (text === 'true' || text === 'false') return text === 'true'
    if (/^\d{4}-\d{2}-\d{2}|^\d{2}:\d{2}:\d{2}/.test(text)) return text
    const int = /^[+-]?0\d/.test(text) ? undefined : parseInt64(text)
    if (int !== undefined) return int64(int)
    const float = parseFloat64(text.replaceAll('_', ''))
    return float ?? this.#fail(`expected value but found '${text[0]}' instead`)
  }

  #array(): unknown[] {
    const out: unknown[] = []
    for (this.#skip(true); !this.#take(']'); this.#skip(true)) {
      out.push(this.#value())
      this.#skip(true)
      if (!this.#take(',') && this.#char !== ']') {
        this.#fail(`expected a comma (',') or array terminator (']'), but got '${this.#char}'`)
      }
    }
    return out
  }

  #inlineTable(): GoMap {
    const table: GoMap = new Map()
    for (this.#skip(false); !this.#take('}'); this.#skip(false)) {
      this.#pair(table)
      this.#skip(false)
      if (!this.#take(',') && this.#char !== '}') {
        this.#fail(`expected a comma or an inline table terminator '}', but got '${this.#char}' instead`)
      }
    }
    return table
  }

  #string(): string {
    const quote = this.#char
    const long = quote.repeat(3)
    if (this.#take(long)) {
      if (!this.#take('\r\n')) this.#take('\n')
      return this.#stringUntil(long, quote === '"')
    }
    this.#at++
    return this.#stringUntil(quote, quote === '"')
  }

  #stringUntil(end: string, escapes: boolean): string {
    let out = ''
    while (!this.#text.startsWith(end, this.#at)) {
      const char = this.#char
      if (char === '' || (end.length === 1 && char === '\n')) this.#fail('unexpected end of string')
      this.#at++
      out += escapes && char === '\\' ? this.#escape() : char
    }
    this.#at += end.length
    // Up to two quotes may stand right before the closing three.
    while (end.length === 3 && this.#char === end[0]) {
      out += this.#char
      this.#at++
    }
    return out
  }

  #escape(): string {
    if (/\s/.test(this.#char)) {
      this.#match(/\s+/y)
      return ''
    }
    const letter = this.#char
    this.#at++
    const width = letter === 'u' ? 4 : letter === 'U' ? 8 : 0
    if (width === 0) return UNESCAPES[letter] ?? this.#fail(`invalid escape character '${letter}'`)
    const digits = this.#text.slice(this.#at, this.#at + width)
    this.#at += width
    if (!/^[0-9a-fA-F]+$/.test(digits)) this.#fail(`expected hexadecimal digits after '\\${letter}'`)
    return String.fromCodePoint(Number.parseInt(digits, 16))
  }
}
