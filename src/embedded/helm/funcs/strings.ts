/** Sprig's string functions. */
import { randomInt } from 'node:crypto'
import { byteLength, byteSlice } from '../go/bytes.ts'
import { sprintf, valueText } from '../go/format.ts'
import { quote } from '../go/strconv.ts'
import { compareStrings, type Int, isSlice, typed } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'
import { toText, toTexts } from './cast.ts'
import { joinWords, pascalCase } from './words.ts'

const SPACE = '[\\t\\n\\v\\f\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const ANY_SPACE = new RegExp(SPACE, 'g')
const ONE_SPACE = new RegExp(SPACE)
const isSpace = (char: string) => (char <= ' ' || char >= '\x7f' ? ONE_SPACE.test(char) : false)

/** strings.TrimSpace. A regular expression for the end would look at every blank in the text. */
export function trimSpace(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isSpace(text[start] ?? '')) start++
  while (end > start && isSpace(text[end - 1] ?? '')) end--
  return text.slice(start, end)
}

const num = (value: Int): number => Number(value.value)

/** Cutting outside a string panics in Go. */
function cut(text: string, start: number, end: number): string {
  const length = byteLength(text)
  if (start < 0 || end > length || start > end) {
    const why = end > length || end < 0 ? `[:${end}] with length ${length}` : `[${start}:${end}]`
    throw new FuncError(`runtime error: slice bounds out of range ${why}`)
  }
  return byteSlice(text, start, end)
}

function trunc(count: Int, text: string): string {
  const length = byteLength(text)
  const n = num(count)
  if (n < 0 && length + n > 0) return byteSlice(text, length + n, length)
  return n >= 0 && length > n ? byteSlice(text, 0, n) : text
}

function substr(start: Int, end: Int, text: string): string {
  const length = byteLength(text)
  if (num(start) < 0) return cut(text, 0, num(end))
  if (num(end) < 0 || num(end) > length) return cut(text, num(start), length)
  return cut(text, num(start), num(end))
}

/** strings.Trim: any of these characters, at both ends. */
function trimChars(chars: string, text: string): string {
  const set = new Set(chars)
  const all = [...text]
  let start = 0
  let end = all.length
  while (start < end && set.has(all[start] ?? '')) start++
  while (end > start && set.has(all[end - 1] ?? '')) end--
  return all.slice(start, end).join('')
}

function repeat(count: Int, text: string): string {
  if (num(count) < 0) throw new FuncError('strings: negative Repeat count')
  return text.repeat(num(count))
}

function abbreviate(text: string, offset: number, width: number): string {
  const length = byteLength(text)
  if (text === '' || length <= width) return text
  let from = Math.min(offset, length)
  if (length - from < width - 3) from = length - (width - 3)
  if (from <= 4) return `${byteSlice(text, 0, width - 3)}...`
  if (width < 7) return ''
  if (from + width - 3 < length) return `...${abbreviate(byteSlice(text, from, length), 0, width - 3)}`
  return `...${byteSlice(text, length - (width - 3), length)}`
}

/** Wraps at spaces, dropping those at a new line's start; long words are broken only when asked to be. */
function wrap(text: string, limit: number, newline: string, breakWords: boolean): string {
  const width = Math.max(limit, 1)
  const separator = newline || '\n'
  let out = ''
  let at = 0
  while (text.length - at > width) {
    if (text[at] === ' ') {
      at++
      continue
    }
    const space = text.slice(at, at + width + 1).lastIndexOf(' ')
    if (space >= 0) {
      out += text.slice(at, at + space) + separator
      at += space + 1
    } else if (breakWords) {
      out += text.slice(at, at + width) + separator
      at += width
    } else {
      const next = text.indexOf(' ', at + width)
      if (next < 0) return out + text.slice(at)
      out += text.slice(at, next) + separator
      at = next + 1
    }
  }
  return out + text.slice(at)
}

/** strings.Title: the first letter after a space or any ASCII sign; so it's is It'S. */
function title(text: string): string {
  let starts = true
  return [...text]
    .map((char) => {
      const out = starts ? char.toUpperCase() : char
      starts = char < '\x80' ? !/\w/.test(char) : isSpace(char)
      return out
    })
    .join('')
}

/** The first letter of each word through `change`. */
function firstLetters(text: string, change: (char: string) => string): string {
  let first = true
  return [...text]
    .map((char) => {
      if (isSpace(char)) {
        first = true
        return char
      }
      const out = first ? change(char) : char
      first = false
      return out
    })
    .join('')
}

function swapCase(text: string): string {
  let _afterSpace = true
  return [...text]
    .map((char) => {
      if (/[\p{Lu}\p{Lt}]/u.test(char)) {
        _afterSpace = false
        return char.toLowerCase()
      }
      if (/\p{Ll}/u.test(char)) {
        _afterSpace = false
        return char.toUpperCase()
      }
      _afterSpace = isSpace(char)
      return char
    })
    .join('')
}

function initials(text: string): string {
  return text
    .split(ANY_SPACE)
    .map((word) => [...word][0] ?? '')
    .join('')
}

function shuffle(text: string): string {
  const chars = [...text]
  for (let i = chars.length - 1; i > 0; i--) {
    const j = randomInt(i + 1)
    const swapped = chars[i] ?? ''
    chars[i] = chars[j] ?? ''
    chars[j] = swapped
  }
  return chars.join('')
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'
const PRINTABLE = String.fromCharCode(...Array.from({ length: 95 }, (_, i) => i + 32))

function random(alphabet: string): (count: Int) => string {
  return (count) => {
    let out = ''
    for (let i = 0; i < num(count); i++) out += alphabet[randomInt(alphabet.length)]
    return out
  }
}

function indent(spaces: Int, text: string): string {
  if (num(spaces) < 0) throw new FuncError('strings: negative Repeat count')
  const pad = ' '.repeat(num(spaces))
  return pad + text.replaceAll('\n', `\n${pad}`)
}

/** strings.Split; an empty separator splits into characters. */
function splitText(separator: string, text: string, limit = -1): string[] {
  if (limit === 0) return []
  const parts = separator === '' ? [...text] : text.split(separator)
  if (limit < 0 || parts.length <= limit) return parts
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)]
}

/** A map of _0, _1, … as `split` gives it. */
function numbered(parts: string[]): Map<string, unknown> {
  return typed(new Map<string, unknown>(parts.map((part, i) => [`_${i}`, part])), 'map[string]string')
}

const present = (values: unknown[]) => values.filter((value) => value !== null && value !== undefined)
const stringSlice = (texts: string[]) => typed(texts, '[]string')

function replaceAllText(old: string, replacement: string, text: string): string {
  return text.split(old).join(replacement)
}

function replaceText(old: string, replacement: string, text: string): string {
  if (old !== '') return replaceAllText(old, replacement, text)
  return replacement + [...text].map((char) => char + replacement).join('')
}

export const strings: FuncTable = {
  hello: func('', () => 'Hello!'),
  abbrev: func('int, string', (width: Int, text) =>
    num(width) < 4 ? text : abbreviate(text, 0, num(width)),
  ),
  abbrevboth: func('int, int, string', (left: Int, right: Int, text) =>
    num(right) < 4 || (num(left) > 0 && num(right) < 7) ? text : abbreviate(text, num(left), num(right)),
  ),
  trunc: func('int, string', trunc),
  trim: func('string', trimSpace),
  upper: func('string', (text: string) => text.toUpperCase()),
  lower: func('string', (text: string) => text.toLowerCase()),
  title: func('string', title),
  untitle: func('string', (text) => firstLetters(text, (char) => char.toLowerCase())),
  substr: func('int, int, string', substr),
  repeat: func('int, string', repeat),
  trimall: func('string, string', trimChars),
  trimAll: func('string, string', trimChars),
  trimSuffix: func('string, string', (suffix: string, text: string) =>
    suffix && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  trimPrefix: func('string, string', (prefix: string, text: string) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  nospace: func('string', (text: string) => text.replace(ANY_SPACE, '')),
  initials: func('string', initials),
  randAlphaNum: func('int', random(LETTERS + DIGITS)),
  randAlpha: func('int', random(LETTERS)),
  randAscii: func('int', random(PRINTABLE)),
  randNumeric: func('int', random(DIGITS)),
  swapcase: func('string', swapCase),
  shuffle: func('string', shuffle),
  snakecase: func('string', (text) => joinWords(text, '_')),
  camelcase: func('string', pascalCase),
  kebabcase: func('string', (text) => joinWords(text, '-')),
  wrap: func('int, string', (width: Int, text) => wrap(text, num(width), '', false)),
  wrapWith: func('int, string, string', (width: Int, newline, text) => wrap(text, num(width), newline, true)),
  contains: func('string, string', (part: string, text: string) => text.includes(part)),
  hasPrefix: func('string, string', (prefix: string, text: string) => text.startsWith(prefix)),
  hasSuffix: func('string, string', (suffix: string, text: string) => text.endsWith(suffix)),
  quote: func('...any', (...values) =>
    present(values)
      .map((value) => quote(toText(value)))
      .join(' '),
  ),
  squote: func('...any', (...values) =>
    present(values)
      .map((value) => `'${valueText(value)}'`)
      .join(' '),
  ),
  cat: func('...any', (...values) => {
    const given = present(values)
    return sprintf(given.map(() => '%v').join(' '), given)
  }),
  indent: func('int, string', indent),
  nindent: func('int, string', (spaces, text) => `\n${indent(spaces, text)}`),
  replace: func('string, string, string', replaceText),
  plural: func('string, string, int', (one, many, count: Int) => (count.value === 1n ? one : many)),
  toString: func('any', toText),
  toStrings: func('any', (value) => stringSlice(toTexts(value))),
  split: func('string, string', (separator, text) => numbered(splitText(separator, text))),
  splitList: func('string, string', (separator, text) => stringSlice(splitText(separator, text))),
  splitn: func('string, int, string', (separator, limit: Int, text) =>
    numbered(splitText(separator, text, num(limit))),
  ),
  join: func('string, any', (separator: string, list) => toTexts(list).join(separator)),
  sortAlpha: func('any', (list) => {
    const texts = toTexts(list)
    return stringSlice(isSlice(list) ? texts.sort(compareStrings) : texts)
  }),
}
