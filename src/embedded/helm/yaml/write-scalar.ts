/** Chooses a style for a string and writes it (go-yaml's emitter: plain, single, double, literal). */
import { resolvePlain } from './resolve.ts'

export interface Placement {
  /** Indentation of the scalar's further lines. */
  indent: number
  /** Column at which it starts. */
  column: number
  /** Keys are neither folded nor written as blocks. */
  isKey: boolean
}

const BEST_WIDTH = 80
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/
const SAFE = /^[A-Za-z_/][A-Za-z0-9_/.-]*$/
const SPECIAL = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u
const START_INDICATOR = /^(?:[#,[\]{}&*!|>'"%@`]|---|\.\.\.|[?:-](?:[ \t\n]|$))/
const INNER_INDICATOR = /:(?:[ \t\n]|$)|[ \t\n]#/

export function writeScalar(text: string, place: Placement): string {
  if (SAFE.test(text) && text.length < BEST_WIDTH && resolvePlain(text).tag === 'str') return text
  switch (styleOf(text, place.isKey)) {
    case 'plain':
      return fold(text, place, '', (char) => char)
    case 'single':
      return `'${fold(text, place, "'", (char) => (char === "'" ? "''" : char))}'`
    case 'literal':
      return literal(text, place.indent)
    default:
      return doubleQuoted(text, place)
  }
}

function styleOf(text: string, isKey: boolean): 'plain' | 'single' | 'double' | 'literal' {
  const special = SPECIAL.test(text)
  const spaceBeforeBreak = text.includes(' \n')
  if (text.includes('\n')) {
    const blockAllowed = !special && !spaceBeforeBreak && !text.endsWith(' ')
    return isKey || !blockAllowed ? 'double' : 'literal'
  }
  if (resolvePlain(text).tag !== 'str' || BASE_60.test(text)) return 'double'
  const plain = !special && !/^ | $/.test(text) && !START_INDICATOR.test(text) && !INNER_INDICATOR.test(text)
  if (plain) return 'plain'
  return special ? 'double' : 'single'
}

/** Writes a scalar of one logical line, breaking it at a single space once it is past the best width. */
function fold(
  text: string,
  { indent, column, isKey }: Placement,
  quote: string,
  escapeChar: (char: string) => string,
): string {
  const start = column + quote.length
  if (isKey || start + text.length * 2 <= BEST_WIDTH) return quote ? text.replaceAll("'", "''") : text
  const chars = [...text]
  let out = ''
  let at = start
  let spaces = false
  chars.forEach((char, i) => {
    if (char === ' ') {
      const inside = quote === '' || (i > 0 && i < chars.length - 1)
      if (!spaces && at > BEST_WIDTH && inside && chars[i + 1] !== ' ') {
        out += `\n${' '.repeat(indent)}`
        at = indent
      } else {
        out += char
        at++
      }
      spaces = true
    } else {
      const written = escapeChar(char)
      out += written
      at += written.length === 2 && quote ? 2 : 1
      spaces = false
    }
  })
  return out
}

const NAMED: Record<number, string> = {
  0: '0',
  7: 'a',
  8: 'b',
  9: 't',
  10: 'n',
  11: 'v',
  12: 'f',
  13: 'r',
  27: 'e',
  34: '"',
  92: '\\',
  133: 'N',
  160: '_',
  8232: 'L',
  8233: 'P',
}

function escapeSequence(char: string): string {
  const code = char.codePointAt(0) ?? 0
  const named = NAMED[code]
  if (named !== undefined) return `\\${named}`
  const [letter, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8]
  return `\\${letter}${code.toString(16).toUpperCase().padStart(Number(width), '0')}`
}

function doubleQuoted(text: string, { indent, column, isKey }: Placement): string {
  const chars = [...text]
  let out = '"'
  let at = column + 1
  let spaces = false
  chars.forEach((char, i) => {
    if (char === ' ') {
      if (!isKey && !spaces && at > BEST_WIDTH && i > 0 && i < chars.length - 1) {
        out += `\n${' '.repeat(indent)}`
        at = indent
        if (chars[i + 1] === ' ') {
          out += '\\'
          at++
        }
      } else {
        out += char
        at++
      }
      spaces = true
      return
    }
    const written =
      char === '"' || char === '\\' || char === '\n' || SPECIAL.test(char) ? escapeSequence(char) : char
    out += written
    at += written === char ? 1 : written.length
    spaces = false
  })
  return `${out}"`
}

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : ''
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : ''
  const pad = ' '.repeat(indent)
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n')
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : pad + line)).join('\n')}`
}
