/** Reads a YAML document as go-yaml v2 does: YAML 1.1 scalars, anchors, merge keys. */
import { sprintf } from '../go/format.ts'
import { formatFloat } from '../go/strconv.ts'
import type { GoMap } from '../go/value.ts'
import { Int, typed } from '../go/value.ts'
import { YamlError } from './errors.ts'
import { type Resolved, resolvePlain, resolveTagged } from './resolve.ts'
import { scan, type Token, type TokenType } from './scan.ts'

/**
 * The first document's value; undefined when there is none. Integers are Int, floats numbers, maps Map with
 * string keys. Throws a YamlError.
 */
export function parseYaml(text: string): unknown {
  return new Parser(scan(text)).document()
}

interface Properties {
  anchor?: string
  tag?: string
}

class Parser {
  readonly #tokens: Token[]
  readonly #anchors = new Map<string, unknown>()
  #at = 0

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  document(): unknown {
    let any = false
    while (this.#peek().type === 'directive' || this.#peek().type === 'documentEnd') this.#at++
    if (this.#peek().type === 'documentStart') {
      this.#at++
      any = true
    }
    const token = this.#peek()
    if (token.type === 'end') return any ? null : undefined
    const value = this.#node(true)
    // What follows the document's end is not read, but the scanner must have reached it.
    this.#peek()
    return value
  }

  #peek(): Token {
    const token = this.#tokens[this.#at] as Token
    // go-yaml counts a scanner's lines from 1, but names no line for the first.
    if (token.type === 'error')
      throw new YamlError(token.value, token.line === 0 ? undefined : token.line + 1)
    return token
  }

  /** go-yaml prints the parser's lines as it counts them, from 0, with the context's where that is 0. */
  #fail(problem: string, line: number, contextLine = 0): never {
    throw new YamlError(problem, line || contextLine)
  }

  #is(type: TokenType): boolean {
    return this.#peek().type === type
  }

  #properties(): Properties {
    const properties: Properties = {}
    for (;;) {
      const token = this.#peek()
      if (token.type === 'anchor' && properties.anchor === undefined) properties.anchor = token.value
      else if (token.type === 'tag' && properties.tag === undefined) properties.tag = token.value
      else return properties
      this.#at++
    }
  }

  /** A node, `inBlock` where block collections may start. */
  #node(inBlock: boolean, indentlessSequence = false): unknown {
    const start = this.#peek()
    if (start.type === 'alias') {
      this.#at++
      if (!this.#anchors.has(start.value)) throw new YamlError(`unknown anchor '${start.value}' referenced`)
      return this.#anchors.get(start.value)
    }
    const properties = this.#properties()
    const value = this.#content(properties, inBlock, indentlessSequence, start)
    if (properties.anchor !== undefined) this.#anchors.set(properties.anchor, value)
    return value
  }

  #content(properties: Properties, inBlock: boolean, indentlessSequence: boolean, start: Token): unknown {
    const token = this.#peek()
    if (indentlessSequence && token.type === 'blockEntry') return this.#indentlessSequence()
    switch (token.type) {
      case 'scalar':
        this.#at++
        return scalarValue(token, properties.tag)
      case 'flowSequenceStart':
        return this.#flowSequence()
      case 'flowMappingStart':
        return this.#flowMapping()
      case 'blockSequenceStart':
        if (inBlock) return this.#blockSequence()
        break
      case 'blockMappingStart':
        if (inBlock) return this.#blockMapping()
        break
    }
    if (properties.anchor !== undefined || properties.tag !== undefined) {
      return properties.tag === undefined
        ? null
        : scalarValue({ ...token, value: '', plain: true }, properties.tag)
    }
    return this.#fail('did not find expected node content', token.line, start.line)
  }

  #blockSequence(): unknown[] {
    const start = this.#peek()
    this.#at++
    const out: unknown[] = []
    while (this.#is('blockEntry')) {
      this.#at++
      const next = this.#peek().type
      out.push(next === 'blockEntry' || next === 'blockEnd' ? null : this.#node(true))
    }
    if (!this.#is('blockEnd'))
      this.#fail("did not find expected '-' indicator", this.#peek().line, start.line)
    this.#at++
    return out
  }

  #indentlessSequence(): unknown[] {
    const out: unknown[] = []
    while (this.#is('blockEntry')) {
      this.#at++
      const next = this.#peek().type
      const empty = next === 'blockEntry' || next === 'key' || next === 'value' || next === 'blockEnd'
      out.push(empty ? null : this.#node(true))
    }
    return out
  }

  #blockMapping(): GoMap {
    const start = this.#peek()
    this.#at++
    const map: GoMap = new Map()
    const empty = (type: TokenType) => type === 'key' || type === 'value' || type === 'blockEnd'
    while (this.#is('key') || this.#is('value')) {
      let key: Key = NULL_KEY
      if (this.#is('key')) {
        this.#at++
        if (!empty(this.#peek().type)) key = this.#key(true)
      }
      let value: unknown = null
      if (this.#is('value')) {
        this.#at++
        if (!empty(this.#peek().type)) value = this.#node(true, true)
      }
      put(map, key, value)
    }
    if (!this.#is('blockEnd')) this.#fail('did not find expected key', this.#peek().line, start.line)
    this.#at++
    return map
  }

  #flowSequence(): unknown[] {
    const start = this.#peek()
    this.#at++
    const out: unknown[] = []
    for (let first = true; !this.#is('flowSequenceEnd'); first = false) {
      if (!first) {
        if (!this.#is('flowEntry'))
          this.#fail("did not find expected ',' or ']'", this.#peek().line, start.line)
        this.#at++
        if (this.#is('flowSequenceEnd')) break
      }
      if (this.#is('key')) {
        this.#at++
        const map: GoMap = new Map()
        this.#flowPair(map, 'flowSequenceEnd')
        out.push(map)
      } else {
        out.push(this.#node(false))
      }
    }
    this.#at++
    return out
  }

  #flowMapping(): GoMap {
    const start = this.#peek()
    this.#at++
    const map: GoMap = new Map()
    for (let first = true; !this.#is('flowMappingEnd'); first = false) {
      if (!first) {
        if (!this.#is('flowEntry'))
          this.#fail("did not find expected ',' or '}'", this.#peek().line, start.line)
        this.#at++
        if (this.#is('flowMappingEnd')) break
      }
      if (this.#is('key')) this.#at++
      this.#flowPair(map, 'flowMappingEnd')
    }
    this.#at++
    return map
  }

  #flowPair(map: GoMap, end: TokenType): void {
    const over = () => this.#is('flowEntry') || this.#is(end)
    let key: Key = NULL_KEY
    if (!this.#is('value') && !over()) key = this.#key(false)
    let value: unknown = null
    if (this.#is('value')) {
      this.#at++
      if (!over()) value = this.#node(false)
    }
    put(map, key, value)
  }

  #key(inBlock: boolean): Key {
    const token = this.#peek()
    if (token.type === 'scalar') {
      this.#at++
      if (token.plain && token.value === '<<') return { name: '<<', merge: true }
      return keyOf(token.plain ? resolvePlain(token.value) : { tag: 'str', value: token.value })
    }
    const value = this.#node(inBlock)
    if (value instanceof Map || Array.isArray(value))
      throw new YamlError(sprintf('invalid map key: %#v', [withOpenKeys(value)]))
    return keyOf({ tag: 'str', value })
  }
}

/** As go-yaml holds maps, whose keys may be anything: only its messages show the difference. */
function withOpenKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withOpenKeys)
  if (!(value instanceof Map)) return value
  const entries = [...value].map(([key, member]) => [key, withOpenKeys(member)] as const)
  return typed(new Map(entries), 'map[interface {}]interface {}')
}

interface Key {
  name: string
  merge: boolean
}
const NULL_KEY: Key = { name: '', merge: false }

/** Keys become strings on the way to JSON; a null key is refused there. */
function keyOf({ value }: Resolved): Key {
  if (value === null) throw new YamlError('unsupported map key of type: %!s(<nil>), key: <nil>')
  if (value instanceof Int) return { name: value.value.toString(), merge: false }
  if (typeof value === 'number') {
    const text = formatFloat(value, 'g', -1)
    return {
      name: text === '+Inf' ? '.inf' : text === '-Inf' ? '-.inf' : text === 'NaN' ? '.nan' : text,
      merge: false,
    }
  }
  return { name: String(value), merge: false }
}

function put(map: GoMap, key: Key, value: unknown): void {
  if (!key.merge) {
    map.set(key.name, value)
    return
  }
  // Earlier maps of a list win, so the last is applied first.
  for (const source of Array.isArray(value) ? [...value].reverse() : [value]) {
    if (!(source instanceof Map))
      throw new YamlError('map merge requires map or sequence of maps as the value')
    for (const [name, member] of source) map.set(name, member)
  }
}

function scalarValue(token: Token, tag: string | undefined): unknown {
  if (tag === undefined) return token.plain ? resolvePlain(token.value).value : token.value
  if (tag === '!') return token.value
  const resolved = resolveTagged(tag, token.value, token.plain ?? false)
  return resolved.tag === 'binary'
    ? Buffer.from(String(resolved.value), 'base64').toString('utf8')
    : resolved.value
}
