/** Splits a template's text into tokens, as text/template's lexer does, trim markers and comments resolved. */

type TokenType =
  | 'text'
  | 'leftDelim'
  | 'rightDelim'
  | 'space'
  | 'pipe'
  | 'assign'
  | 'declare'
  | 'leftParen'
  | 'rightParen'
  | 'char'
  | 'field'
  | 'variable'
  | 'dot'
  | 'identifier'
  | 'bool'
  | 'nil'
  | 'number'
  | 'charConstant'
  | 'complex'
  | 'string'
  | 'rawString'
  | 'keyword'
  | 'error'
  | 'EOF'

export interface Token {
  type: TokenType
  value: string
  /** Offset in the text, in UTF-16 units. */
  pos: number
  /** Line of the token's first character, from 1. */
  line: number
}

const KEYWORDS = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
])
const SPACES = /[ \t\r\n]+/y
const WORD = /[\p{L}\p{Nd}_]*/uy
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y
const QUOTED = /"(?:[^"\\\n]|\\[^\n])*"/y
const CHARACTER = /'(?:[^'\\\n]|\\[^\n])*'/y
const TERMINATORS = /[ \t\r\n.,|:()]|\}\}|$/y
const TRIM_CLOSE = /[ \t\r\n]-\}\}/y

/** All tokens; the last is EOF, or an error that the parser reports when it gets there. */
export function lex(text: string): Token[] {
  return new Lexer(text).run()
}

class Lexer {
  readonly text: string
  readonly tokens: Token[] = []
  pos = 0
  line = 1
  parens = 0

  constructor(text: string) {
    this.text = text
  }

  run(): Token[] {
    while (this.pos < this.text.length) {
      if (!this.textUntilAction() || !this.action()) return this.tokens
    }
    this.push('EOF', 'EOF', this.pos)
    return this.tokens
  }

  push(type: TokenType, value: string, pos: number): void {
    this.tokens.push({ type, value, pos, line: this.line })
  }

  fail(message: string, pos: number): false {
    this.push('error', message, pos)
    return false
  }

  countLines(from: number, to: number): void {
    for (let at = this.text.indexOf('\n', from); at >= 0 && at < to; at = this.text.indexOf('\n', at + 1)) {
      this.line++
    }
  }

  match(pattern: RegExp, at = this.pos): string | undefined {
    pattern.lastIndex = at
    return pattern.exec(this.text)?.[0]
  }

  /** Letters, digits and underscores from there on. */
  word(at: number): string {
    let end = at
    while (isAsciiWord(this.text.charCodeAt(end))) end++
    // V8 takes milliseconds to compile a class of all letters: templates that are ASCII never need it.
    if (this.text.charCodeAt(end) >= 0x80) return this.match(WORD, at) ?? ''
    return this.text.slice(at, end)
  }

  skipTrimmedSpace(): void {
    const spaces = this.match(SPACES)
    if (!spaces) return
    this.countLines(this.pos, this.pos + spaces.length)
    this.pos += spaces.length
  }

  /** Emits text up to the next action. False when an error ended the scan. */
  textUntilAction(): boolean {
    const open = this.text.indexOf('{{', this.pos)
    const end = open < 0 ? this.text.length : open
    const trimmed = open >= 0 && /^-[ \t\r\n]/.test(this.text.slice(open + 2, open + 4))
    let value = this.text.slice(this.pos, end)
    if (trimmed) value = trimBlankEnd(value)
    if (value) this.push('text', value, this.pos)
    this.countLines(this.pos, end)
    this.pos = end
    return true
  }

  action(): boolean {
    if (this.pos >= this.text.length) return true
    const start = this.pos
    this.pos += 2
    if (/^-[ \t\r\n]/.test(this.text.slice(this.pos, this.pos + 2))) {
      if (this.text.startsWith('/*', this.pos + 2)) return this.comment(this.pos + 2)
      this.push('leftDelim', '{{', start)
      this.countLines(this.pos, this.pos + 2)
      this.pos += 2
    } else {
      if (this.text.startsWith('/*', this.pos)) return this.comment(this.pos)
      this.push('leftDelim', '{{', start)
    }
    this.parens = 0
    for (;;) {
      const closed = this.insideAction()
      if (closed !== undefined) return closed
    }
  }

  comment(start: number): boolean {
    this.countLines(this.pos, start)
    this.pos = start
    const close = this.text.indexOf('*/', start + 2)
    if (close < 0) return this.fail('unclosed comment', start)
    const after = close + 2
    const trim = this.match(TRIM_CLOSE, after) !== undefined
    if (!trim && !this.text.startsWith('}}', after)) {
      return this.fail('comment ends before closing delimiter', start)
    }
    const end = after + (trim ? 4 : 2)
    this.countLines(start, end)
    this.pos = end
    if (trim) this.skipTrimmedSpace()
    return true
  }

  /** Scans one token. True at the action's end, false after an error. */
  insideAction(): boolean | undefined {
    const trim = this.match(TRIM_CLOSE) !== undefined
    if (trim || this.text.startsWith('}}', this.pos)) return this.close(trim)
    const start = this.pos
    const char = this.text[start]
    if (char === undefined) return this.fail('unclosed action', start)
    const spaces = this.match(SPACES)
    if (spaces) {
      // The last space may belong to a trimming close: leave it for that.
      const own = this.match(TRIM_CLOSE, start + spaces.length - 1) ? spaces.length - 1 : spaces.length
      this.push('space', spaces.slice(0, own), start)
      this.countLines(start, start + own)
      this.pos = start + own
      return undefined
    }
    switch (char) {
      case '=':
        return this.take('assign', 1)
      case ':':
        return this.text[start + 1] === '=' ? this.take('declare', 2) : this.fail('expected :=', start)
      case '|':
        return this.take('pipe', 1)
      case '"':
        return this.takeMatch('string', QUOTED, 'unterminated quoted string')
      case '`':
        return this.rawString()
      case "'":
        return this.takeMatch('charConstant', CHARACTER, 'unterminated character constant')
      case '$':
        return this.name('variable')
      case '(':
        this.parens++
        return this.take('leftParen', 1)
      case ')':
        this.parens--
        return this.parens < 0 ? this.fail('unexpected right paren', start) : this.take('rightParen', 1)
    }
    if (char === '.' && !/[0-9]/.test(this.text[start + 1] ?? '')) return this.name('field')
    if (/[0-9+\-.]/.test(char)) return this.number()
    if (isWordStart(this.text.codePointAt(start) ?? 0)) return this.identifier()
    if (/[\x21-\x7e]/.test(char)) return this.take('char', 1)
    return this.fail(
      `unrecognized character in action: ${unicodeName(this.text.codePointAt(start) ?? 0)}`,
      start,
    )
  }

  close(trim: boolean): boolean {
    if (this.parens > 0) return this.fail('unclosed left paren', this.pos)
    if (trim) {
      this.countLines(this.pos, this.pos + 2)
      this.pos += 2
    }
    this.push('rightDelim', '}}', this.pos)
    this.pos += 2
    if (trim) this.skipTrimmedSpace()
    return true
  }

  take(type: TokenType, length: number): undefined {
    this.push(type, this.text.slice(this.pos, this.pos + length), this.pos)
    this.pos += length
    return undefined
  }

  takeMatch(type: TokenType, pattern: RegExp, error: string): false | undefined {
    const found = this.match(pattern)
    return found === undefined ? this.fail(error, this.pos) : this.take(type, found.length)
  }

  rawString(): false | undefined {
    const close = this.text.indexOf('`', this.pos + 1)
    if (close < 0) return this.fail('unterminated raw quoted string', this.pos)
    const start = this.pos
    this.take('rawString', close + 1 - start)
    this.countLines(start, close)
    return undefined
  }

  terminated(at: number): false | undefined {
    if (this.match(TERMINATORS, at) !== undefined) return undefined
    return this.fail(`bad character ${unicodeName(this.text.codePointAt(at) ?? 0)}`, this.pos)
  }

  /** `.field`, `.`, `$name` or `$`. */
  name(type: 'field' | 'variable'): false | undefined {
    const word = this.word(this.pos + 1)
    const end = this.pos + 1 + word.length
    if (this.terminated(end) === false) return false
    return this.take(type === 'field' && word === '' ? 'dot' : type, end - this.pos)
  }

  identifier(): false | undefined {
    const word = this.word(this.pos)
    if (this.terminated(this.pos + word.length) === false) return false
    const type = KEYWORDS.has(word)
      ? 'keyword'
      : word === 'nil'
        ? 'nil'
        : word === 'true' || word === 'false'
          ? 'bool'
          : 'identifier'
    return this.take(type, word.length)
  }

  number(): false | undefined {
    const found = this.match(NUMBER) ?? ''
    let end = this.pos + found.length
    const bad = (to: number) =>
      this.fail(`bad number syntax: ${JSON.stringify(this.text.slice(this.pos, to))}`, this.pos)
    if (this.word(end) !== '') return bad(end + 1)
    if (this.text[end] !== '+' && this.text[end] !== '-') return this.take('number', found.length)
    const imaginary = this.match(NUMBER, end) ?? ''
    end += imaginary.length
    return imaginary.endsWith('i') ? this.take('complex', end - this.pos) : bad(end)
  }
}

function isAsciiWord(code: number): boolean {
  return isAsciiLetter(code) || (code >= 0x30 && code <= 0x39) || code === 0x5f
}

function isAsciiLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
}

function isWordStart(code: number): boolean {
  if (code < 0x80) return isAsciiLetter(code) || code === 0x5f
  return /\p{L}/u.test(String.fromCodePoint(code))
}

function trimBlankEnd(text: string): string {
  let end = text.length
  while (end > 0 && ' \t\r\n'.includes(text[end - 1] ?? '-')) end--
  return text.slice(0, end)
}

/** A character as Go's %#U prints it. */
function unicodeName(code: number): string {
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  return code < 0x20 || code === 0x7f ? hex : `${hex} '${String.fromCodePoint(code)}'`
}
