/** Splits YAML into tokens (libyaml's scanner: indentation, simple keys, flow levels). */
import { Cursor, ScanError } from './cursor.ts'
import { scanBlock, scanPlain, scanQuoted } from './scalars.ts'

export type TokenType =
  | 'documentStart'
  | 'documentEnd'
  | 'directive'
  | 'blockSequenceStart'
  | 'blockMappingStart'
  | 'blockEnd'
  | 'flowSequenceStart'
  | 'flowSequenceEnd'
  | 'flowMappingStart'
  | 'flowMappingEnd'
  | 'blockEntry'
  | 'flowEntry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'
  | 'end'
  | 'error'

export interface Token {
  type: TokenType
  /** Line from 0. */
  line: number
  value: string
  /** Whether a scalar was plain: only then do its characters decide its type. */
  plain?: boolean
}

interface SimpleKey {
  required: boolean
  /** Index of the token that would be the key. */
  token: number
  line: number
  column: number
  at: number
  /** An empty flow collection that has ended: go-yaml hands its start to the parser, though a ':' may yet follow. */
  seen?: boolean
}

const KEY_LIMIT = 1024
const NOT_PLAIN = new Set('-?:,[]{}#&*!|>\'"%@`')

/** The tokens of the first document. After an error the last token carries it. */
export function scan(text: string): Token[] {
  const scanner = new Scanner(text)
  try {
    scanner.run()
  } catch (error) {
    if (!(error instanceof ScanError)) throw error
    scanner.dropUndecided()
    scanner.push('error', error.line, error.message)
  }
  return scanner.tokens
}

class Scanner {
  readonly tokens: Token[] = []
  readonly #cursor: Cursor
  #indent = -1
  readonly #indents: number[] = []
  #flowLevel = 0
  #keyAllowed = true
  /** One possible simple key per flow level. */
  readonly #keys: (SimpleKey | undefined)[] = [undefined]
  /** For each open flow collection the token of the last possible key in it, or its own start token. */
  readonly #flowTokens: number[] = []
  #started = false

  constructor(text: string) {
    this.#cursor = new Cursor(text)
  }

  push(type: TokenType, line: number, value = '', plain?: boolean): void {
    this.tokens.push(plain === undefined ? { type, line, value } : { type, line, value, plain })
  }

  run(): void {
    while (this.#fetch()) {}
    this.#staleKeys()
  }

  /** Drops tokens from the first that may yet turn out to be a key: a parser would not have seen them. */
  dropUndecided(): void {
    const undecided = this.#keys.filter((key) => key !== undefined && !key.seen).map((key) => key!.token)
    this.tokens.length = Math.min(this.tokens.length, ...undecided)
  }

  /** What the parser waits for is a key no more once the scanner has left its line. */
  #staleKeys(): void {
    for (let i = 0; i < this.#keys.length; i++) if (!this.#keys[i]?.seen) this.#dropStale(i)
  }

  #dropStale(level: number): void {
    const key = this.#keys[level]
    if (!key || (key.line >= this.#cursor.line && key.at + KEY_LIMIT >= this.#cursor.at)) return
    if (key.required) throw new ScanError("could not find expected ':'", this.#cursor.line)
    this.#keys[level] = undefined
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return
    const { line, column, at } = this.#cursor
    const required = this.#flowLevel === 0 && this.#indent === column
    this.#removeKey()
    this.#keys[this.#keys.length - 1] = { required, token: this.tokens.length, line, column, at }
    if (this.#flowLevel > 0) this.#flowTokens[this.#flowLevel - 1] = this.tokens.length
  }

  #removeKey(): void {
    const last = this.#keys.length - 1
    if (this.#keys[last]?.required) throw new ScanError("could not find expected ':'", this.#cursor.line)
    this.#keys[last] = undefined
  }

  #roll(column: number, type: TokenType, line: number, at = this.tokens.length): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return
    this.#indents.push(this.#indent)
    this.#indent = column
    this.tokens.splice(at, 0, { type, line, value: '' })
  }

  #unroll(column: number): void {
    if (this.#flowLevel > 0) return
    while (this.#indent > column) {
      this.push('blockEnd', this.#cursor.line)
      this.#indent = this.#indents.pop() ?? -1
    }
  }

  #skipToToken(): void {
    const cursor = this.#cursor
    for (;;) {
      if (cursor.at === 0 && cursor.char === '\ufeff') cursor.skip()
      while (cursor.char === ' ' || (cursor.char === '\t' && (this.#flowLevel > 0 || !this.#keyAllowed)))
        cursor.skip()
      if (cursor.char === '#') cursor.skipToBreak()
      if (!cursor.isBreak()) return
      cursor.skipLine()
      if (this.#flowLevel === 0) this.#keyAllowed = true
    }
  }

  /** Scans one token. False at the end of the stream or of the first document. */
  #fetch(): boolean {
    const cursor = this.#cursor
    this.#staleKeys()
    this.#skipToToken()
    this.#unroll(cursor.column)
    if (cursor.atEnd) return this.#end()
    if (cursor.column === 0) {
      if (cursor.char === '%') return this.#directive()
      if (cursor.atDocumentIndicator()) return this.#document()
    }
    this.#started = true
    const { char } = cursor
    const blankNext = cursor.isBlankOrEnd(1)
    const flow = this.#flowLevel > 0
    if (char === '[' || char === '{') return this.#flowStart(char)
    if (char === ']' || char === '}') return this.#flowEnd(char)
    if (char === ',') return this.#flowEntry()
    if (char === '-' && blankNext) return this.#blockEntry()
    if (char === '?' && (flow || blankNext)) return this.#key()
    if (char === ':' && (flow || blankNext)) return this.#value()
    if (char === '*' || char === '&') return this.#anchor(char)
    if (char === '!') return this.#tag()
    if ((char === '|' || char === '>') && !flow) return this.#block(char === '|')
    if (char === "'" || char === '"') return this.#quoted(char)
    if (this.#startsPlain(char, blankNext)) return this.#plain()
    throw new ScanError('found character that cannot start any token', cursor.line)
  }

  #startsPlain(char: string, blankNext: boolean): boolean {
    if (!this.#cursor.isBlankOrEnd(0) && !NOT_PLAIN.has(char)) return true
    if (char === '-' && !blankNext) return true
    return this.#flowLevel === 0 && (char === '?' || char === ':') && !blankNext
  }

  #end(): false {
    // libyaml ends the last line before it ends the stream.
    if (this.#cursor.column > 0) this.#cursor.line++
    this.#unroll(-1)
    this.#removeKey()
    this.push('end', this.#cursor.line)
    return false
  }

  #directive(): true {
    this.#unroll(-1)
    this.#removeKey()
    this.#keyAllowed = false
    const { line } = this.#cursor
    if (!/^%(YAML|TAG)[ \t]/.test(this.#cursor.takeRest()))
      throw new ScanError('found unknown directive name', line)
    this.push('directive', line)
    return true
  }

  #document(): boolean {
    this.#unroll(-1)
    this.#removeKey()
    this.#keyAllowed = false
    const { line, char } = this.#cursor
    if (this.#started) {
      this.push('end', line)
      return false
    }
    this.#started = char === '-'
    this.push(char === '-' ? 'documentStart' : 'documentEnd', line)
    this.#cursor.skip(3)
    return true
  }

  #flowStart(char: string): true {
    this.#saveKey()
    this.#flowLevel++
    this.#keys.push(undefined)
    this.#flowTokens.push(this.tokens.length)
    this.#keyAllowed = true
    this.push(char === '[' ? 'flowSequenceStart' : 'flowMappingStart', this.#cursor.line)
    this.#cursor.skip()
    return true
  }

  #flowEnd(char: string): true {
    this.#removeKey()
    if (this.#flowLevel > 0) {
      this.#flowLevel--
      this.#keys.pop()
      const token = this.#flowTokens.pop()
      const key = this.#keys.at(-1)
      if (key && key.token === token) key.seen = true
    }
    this.#keyAllowed = false
    this.push(char === ']' ? 'flowSequenceEnd' : 'flowMappingEnd', this.#cursor.line)
    this.#cursor.skip()
    return true
  }

  #flowEntry(): true {
    this.#removeKey()
    this.#keyAllowed = true
    this.push('flowEntry', this.#cursor.line)
    this.#cursor.skip()
    return true
  }

  #blockEntry(): true {
    const { line, column } = this.#cursor
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed)
        throw new ScanError('block sequence entries are not allowed in this context', line)
      this.#roll(column, 'blockSequenceStart', line)
    }
    this.#removeKey()
    this.#keyAllowed = true
    this.push('blockEntry', line)
    this.#cursor.skip()
    return true
  }

  #key(): true {
    const { line, column } = this.#cursor
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw new ScanError('mapping keys are not allowed in this context', line)
      this.#roll(column, 'blockMappingStart', line)
    }
    this.#removeKey()
    this.#keyAllowed = this.#flowLevel === 0
    this.push('key', line)
    this.#cursor.skip()
    return true
  }

  #value(): true {
    const { line, column } = this.#cursor
    const last = this.#keys.length - 1
    this.#dropStale(last)
    const key = this.#keys[last]
    if (key) {
      this.tokens.splice(key.token, 0, { type: 'key', line: key.line, value: '' })
      this.#roll(key.column, 'blockMappingStart', key.line, key.token)
      this.#keys[last] = undefined
      this.#keyAllowed = false
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyAllowed) throw new ScanError('mapping values are not allowed in this context', line)
        this.#roll(column, 'blockMappingStart', line)
      }
      this.#keyAllowed = this.#flowLevel === 0
    }
    this.push('value', line)
    this.#cursor.skip()
    return true
  }

  #anchor(char: string): true {
    const cursor = this.#cursor
    this.#saveKey()
    this.#keyAllowed = false
    const { line } = cursor
    cursor.skip()
    const name = cursor.takeWhile(/[0-9A-Za-z_-]/)
    if (name === '' || !(cursor.isBlankOrEnd(0) || '?:,]}%@`'.includes(cursor.char))) {
      throw new ScanError('did not find expected alphabetic or numeric character', cursor.line)
    }
    this.push(char === '*' ? 'alias' : 'anchor', line, name)
    return true
  }

  #tag(): true {
    const cursor = this.#cursor
    this.#saveKey()
    this.#keyAllowed = false
    const { line } = cursor
    cursor.skip()
    let tag: string
    if (cursor.char === '<') {
      cursor.skip()
      tag = cursor.takeWhile(/[^>\s]/)
      if (!cursor.take('>')) throw new ScanError("did not find the expected '>'", cursor.line)
    } else if (cursor.char === '!') {
      cursor.skip()
      tag = `tag:yaml.org,2002:${cursor.takeWhile(/[^\s,[\]{}]/)}`
    } else {
      tag = `!${cursor.takeWhile(/[^\s,[\]{}]/)}`
    }
    if (!cursor.isBlankOrEnd(0) && this.#flowLevel === 0) {
      throw new ScanError('did not find expected whitespace or line break', cursor.line)
    }
    this.push('tag', line, tag)
    return true
  }

  #block(literal: boolean): true {
    this.#removeKey()
    this.#keyAllowed = true
    const { line } = this.#cursor
    this.push('scalar', line, scanBlock(this.#cursor, literal, this.#indent), false)
    return true
  }

  #quoted(quote: string): true {
    this.#saveKey()
    this.#keyAllowed = false
    const { line } = this.#cursor
    this.push('scalar', line, scanQuoted(this.#cursor, quote === "'"), false)
    return true
  }

  #plain(): true {
    this.#saveKey()
    this.#keyAllowed = false
    const { line } = this.#cursor
    const { value, brokeLine } = scanPlain(this.#cursor, this.#indent, this.#flowLevel > 0)
    if (brokeLine) this.#keyAllowed = true
    this.push('scalar', line, value, true)
    return true
  }
}
