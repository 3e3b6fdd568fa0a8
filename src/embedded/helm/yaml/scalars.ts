/** Reads the three kinds of YAML scalar: plain, quoted, and block. */
import { type Cursor, ScanError } from './cursor.ts'

/** Blanks and breaks between the pieces of a scalar that runs over lines, folded as YAML folds them. */
class Folding {
  blanks = ''
  leadingBreak = ''
  trailingBreaks = ''
  brokeLine = false

  /** Consumes blanks and line breaks. */
  consume(cursor: Cursor, onIndentTab?: () => void): void {
    while (cursor.isBlank() || cursor.isBreak()) {
      if (cursor.isBlank()) {
        if (this.brokeLine && cursor.char === '\t') onIndentTab?.()
        if (!this.brokeLine) this.blanks += cursor.char
        cursor.skip()
      } else if (this.brokeLine) {
        this.trailingBreaks += cursor.takeLine()
      } else {
        this.blanks = ''
        this.leadingBreak = cursor.takeLine()
        this.brokeLine = true
      }
    }
  }

  /** The text that stands for what was consumed. */
  take(): string {
    let text = this.blanks
    if (this.brokeLine) {
      if (this.leadingBreak.startsWith('\n')) text = this.trailingBreaks || ' '
      else text = this.leadingBreak + this.trailingBreaks
    }
    this.blanks = this.leadingBreak = this.trailingBreaks = ''
    this.brokeLine = false
    return text
  }
}

const FLOW_ENDS = new Set(',?[]{}')
/** What ends no plain or quoted scalar, and needs no second look. */
const PLAIN_RUN = /[^\s:,?[\]{}\x85]+/y
const QUOTED_RUN = /[^\s'"\\\x85]+/y

/** A plain scalar; `brokeLine` when it ended at a line's start, where a key may follow. */
export function scanPlain(
  cursor: Cursor,
  parentIndent: number,
  flow: boolean,
): { value: string; brokeLine: boolean } {
  const { text } = cursor
  const folding = new Folding()
  const indent = parentIndent + 1
  let value = ''
  for (;;) {
    if (cursor.atDocumentIndicator() || cursor.char === '#') break
    const start = cursor.at
    for (;;) {
      cursor.skipRun(PLAIN_RUN)
      if (cursor.isBlankOrEnd(0)) break
      const char = text[cursor.at] ?? ''
      if ((char === ':' && cursor.isBlankOrEnd(1)) || (flow && FLOW_ENDS.has(char))) break
      cursor.skip()
    }
    if (cursor.at > start) value += folding.take() + text.slice(start, cursor.at)
    if (!(cursor.isBlank() || cursor.isBreak())) break
    folding.consume(cursor, () => {
      if (cursor.column < indent) {
        throw new ScanError('found a tab character that violates indentation', cursor.line)
      }
    })
    if (!flow && cursor.column < indent) break
  }
  return { value, brokeLine: folding.brokeLine }
}

const ESCAPES: Record<string, string> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
  '/': '/',
}
const HEX_WIDTHS: Record<string, number> = { x: 2, u: 4, U: 8 }

/** A single- or double-quoted scalar. */
export function scanQuoted(cursor: Cursor, single: boolean): string {
  const quote = single ? "'" : '"'
  const folding = new Folding()
  let value = ''
  cursor.skip()
  for (;;) {
    if (cursor.atDocumentIndicator()) throw new ScanError('found unexpected document indicator', cursor.line)
    if (cursor.atEnd) throw new ScanError('found unexpected end of stream', cursor.line)
    for (;;) {
      const run = cursor.at
      cursor.skipRun(QUOTED_RUN)
      value += cursor.text.slice(run, cursor.at)
      if (cursor.isBlankOrEnd(0)) break
      const { char } = cursor
      if (single && char === quote && cursor.text[cursor.at + 1] === quote) {
        value += quote
        cursor.skip(2)
      } else if (char === quote) {
        break
      } else if (!single && char === '\\') {
        if (cursor.isBreak(1)) {
          cursor.skip()
          cursor.skipLine()
          // Joins the lines without a space: a break was seen, but none is kept.
          folding.brokeLine = true
          break
        }
        value += scanEscape(cursor)
      } else {
        value += char
        cursor.skip()
      }
    }
    if (cursor.char === quote) break
    folding.consume(cursor)
    value += folding.take()
  }
  cursor.skip()
  return value
}

function scanEscape(cursor: Cursor): string {
  const letter = cursor.text[cursor.at + 1] ?? ''
  const width = HEX_WIDTHS[letter]
  if (width === undefined) {
    const escaped = ESCAPES[letter]
    if (escaped === undefined || letter === '')
      throw new ScanError('found unknown escape character', cursor.line)
    cursor.skip(2)
    return escaped
  }
  const digits = cursor.text.slice(cursor.at + 2, cursor.at + 2 + width)
  if (digits.length < width || !/^[0-9a-fA-F]+$/.test(digits)) {
    throw new ScanError('did not find expected hexdecimal number', cursor.line)
  }
  const code = Number.parseInt(digits, 16)
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw new ScanError('found invalid Unicode character escape code', cursor.line)
  }
  cursor.skip(2 + width)
  return String.fromCodePoint(code)
}

/** A literal (|) or folded (>) block scalar inside a block of this indent. */
export function scanBlock(cursor: Cursor, literal: boolean, parentIndent: number): string {
  cursor.skip()
  const header = scanHeader(cursor)
  const base = Math.max(parentIndent, 0)
  let indent = header.increment > 0 ? base + header.increment : 0
  const breaks = () => {
    const found = scanBreaks(cursor, indent, parentIndent)
    indent = found.indent
    return found.breaks
  }
  let value = ''
  let leadingBreak = ''
  let leadingBlank = false
  let trailingBreaks = breaks()
  while (cursor.column === indent && !cursor.atEnd) {
    const blank = cursor.isBlank()
    const folds = !literal && leadingBreak.startsWith('\n') && !leadingBlank && !blank
    if (!folds) value += leadingBreak
    else if (trailingBreaks === '') value += ' '
    value += trailingBreaks
    leadingBlank = blank
    value += cursor.takeRest()
    leadingBreak = cursor.atEnd ? '' : cursor.takeLine()
    trailingBreaks = breaks()
  }
  if (header.chomp !== '-') value += leadingBreak
  if (header.chomp === '+') value += trailingBreaks
  return value
}

function scanHeader(cursor: Cursor): { chomp: string; increment: number } {
  let chomp = ''
  let increment = 0
  for (let i = 0; i < 2; i++) {
    if (chomp === '' && (cursor.char === '+' || cursor.char === '-')) {
      chomp = cursor.char
      cursor.skip()
    } else if (increment === 0 && /[0-9]/.test(cursor.char)) {
      if (cursor.char === '0') throw new ScanError('found an indentation indicator equal to 0', cursor.line)
      increment = Number(cursor.char)
      cursor.skip()
    }
  }
  while (cursor.isBlank()) cursor.skip()
  if (cursor.char === '#') cursor.skipToBreak()
  if (!cursor.isBreakOrEnd()) throw new ScanError('did not find expected comment or line break', cursor.line)
  if (cursor.isBreak()) cursor.skipLine()
  return { chomp, increment }
}

/** Skips indentation and empty lines; finds the block's indent if it is not known yet (0). */
function scanBreaks(cursor: Cursor, known: number, parentIndent: number): { breaks: string; indent: number } {
  let widest = 0
  let breaks = ''
  for (;;) {
    while ((known === 0 || cursor.column < known) && cursor.char === ' ') cursor.skip()
    widest = Math.max(widest, cursor.column)
    if ((known === 0 || cursor.column < known) && cursor.char === '\t') {
      throw new ScanError('found a tab character where an indentation space is expected', cursor.line)
    }
    if (!cursor.isBreak()) break
    breaks += cursor.takeLine()
  }
  return { breaks, indent: known || Math.max(widest, parentIndent + 1, 1) }
}
