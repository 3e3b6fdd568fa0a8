/** The language of --set: a.b[0].c=value,d={1,2}. */
import { JsonError, jsonPrefix } from '../go/json.ts'
import { parseDecimal } from '../go/strconv.ts'
import { type GoMap, int64 } from '../go/value.ts'
import { chartError } from './error.ts'

/** --set guesses types; --set-string keeps text; --set-json reads JSON; --set-literal takes the rest as it is. */
export type SetKind = 'typed' | 'string' | 'json' | 'literal'

const MAX_INDEX = 65536
const MAX_NESTING = 30

/** Writes the assignments into the values, in place. Throws a DevenvError CHART_INVALID. */
export function setValue(values: GoMap, text: string, kind: SetKind = 'typed'): void {
  const parser = new Parser(text, kind)
  try {
    while (!parser.atEnd) parser.key(values, 0)
  } catch (error) {
    if (error instanceof SetError || error instanceof JsonError) {
      throw chartError(`failed parsing --set data: ${error.message}`, error)
    }
    throw error
  }
}

class SetError extends Error {}

function typedValue(text: string): unknown {
  switch (text.toLowerCase()) {
    case 'true':
      return true
    case 'false':
      return false
    case 'null':
      return null
    case '0':
      return int64(0)
  }
  // A leading zero means text: it may be an identifier.
  const number = text.startsWith('0') ? undefined : parseDecimal(text)
  return number === undefined ? text : int64(number)
}

class Parser {
  readonly #text: string
  readonly #kind: SetKind
  #at = 0

  constructor(text: string, kind: SetKind) {
    this.#text = text
    this.#kind = kind
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length
  }

  /** Text up to one of these characters, backslash escapes undone; `stop` is '' at the end. */
  #until(stops: string): { text: string; stop: string } {
    let text = ''
    while (!this.atEnd) {
      const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0)
      this.#at += char.length
      if (stops.includes(char)) return { text, stop: char }
      if (char === '\\' && this.#kind !== 'literal') {
        if (this.atEnd) break
        text += this.#text[this.#at++]
      } else {
        text += char
      }
    }
    return { text, stop: '' }
  }

  key(target: GoMap, nesting: number): void {
    const { text: key, stop } = this.#until(this.#kind === 'literal' ? '=[.' : '=[,.')
    switch (stop) {
      case '[': {
        const index = this.#index()
        const current = target.get(key)
        if (target.has(key) && !Array.isArray(current)) {
          throw new SetError(`unable to parse key: interface conversion: interface {} is not []interface {}`)
        }
        this.#put(target, key, this.#item(Array.isArray(current) ? current : [], index, nesting))
        return
      }
      case '=':
        this.#put(target, key, this.#value())
        return
      case ',':
        this.#put(target, key, '')
        throw new SetError(`key ${JSON.stringify(key)} has no value (cannot end with ,)`)
      case '.': {
        if (nesting + 1 > MAX_NESTING) {
          throw new SetError(
            `value name nested level is greater than maximum supported nested level of ${MAX_NESTING}`,
          )
        }
        const current = target.get(key)
        if (target.has(key) && !(current instanceof Map)) {
          throw new SetError(
            'unable to parse key: interface conversion: interface {} is not map[string]interface {}',
          )
        }
        const inner: GoMap = current instanceof Map ? current : new Map()
        this.key(inner, nesting + 1)
        if (inner.size === 0) throw new SetError(`key map ${JSON.stringify(key)} has no value`)
        this.#put(target, key, inner)
        return
      }
      default:
        if (key !== '') throw new SetError(`key ${JSON.stringify(key)} has no value`)
    }
  }

  #put(target: GoMap, key: string, value: unknown): void {
    if (key !== '') target.set(key, value)
  }

  #index(): number {
    const { text, stop } = this.#until(']')
    if (stop === '' || !/^[+-]?\d+$/.test(text)) {
      throw new SetError(`error parsing index: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
    }
    return Number(text)
  }

  #item(list: unknown[], index: number, nesting: number): unknown[] {
    if (index < 0) throw new SetError(`negative ${index} index not allowed`)
    if (index > MAX_INDEX) {
      throw new SetError(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`)
    }
    const { text, stop } = this.#until('[.=')
    if (text !== '') throw new SetError(`unexpected data at end of array index: ${JSON.stringify(text)}`)
    const current = list[index]
    let value: unknown
    if (stop === '=') value = this.#value()
    else if (stop === '[') value = this.#item(Array.isArray(current) ? current : [], this.#index(), nesting)
    else if (stop === '.') {
      const inner: GoMap = current instanceof Map ? current : new Map()
      this.key(inner, nesting)
      value = inner
    } else throw new SetError('EOF')
    const out = [...list]
    while (out.length <= index) out.push(null)
    out[index] = value
    return out
  }

  #value(): unknown {
    if (this.#kind === 'json') return this.#json()
    if (this.#kind === 'literal') {
      const rest = this.#text.slice(this.#at)
      this.#at = this.#text.length
      return rest
    }
    if (this.#text[this.#at] === '{') {
      this.#at++
      return this.#list()
    }
    return this.#scalar(this.#until(',').text)
  }

  #scalar(text: string): unknown {
    return this.#kind === 'string' ? text : typedValue(text)
  }

  #list(): unknown[] {
    const out: unknown[] = []
    for (;;) {
      const { text, stop } = this.#until(',}')
      if (stop === '') throw new SetError("list must terminate with '}'")
      if (stop === '}') {
        if (this.#text[this.#at] === ',') this.#at++
        out.push(this.#scalar(text))
        return out
      }
      out.push(this.#scalar(text))
    }
  }

  #json(): unknown {
    if (this.#skipBlank()) return null
    const { value, length } = jsonPrefix(this.#text.slice(this.#at))
    this.#at += length
    this.#skipBlank()
    return value
  }

  /** Skips blanks and one comma. True when nothing else stood there. */
  #skipBlank(): boolean {
    while (!this.atEnd) {
      const char = this.#text[this.#at] ?? ''
      if (char === ',') {
        this.#at++
        return true
      }
      if (!/\s/.test(char)) return false
      this.#at++
    }
    return true
  }
}
