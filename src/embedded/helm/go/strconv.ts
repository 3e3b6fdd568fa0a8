/** Numbers and quoted strings as Go's strconv reads and writes them. */

/**
 * strconv.FormatFloat for float64. A negative precision means the fewest digits that read back as the same number.
 */
export function formatFloat(value: number, format: 'e' | 'E' | 'f' | 'g' | 'G', precision: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const magnitude = Math.abs(value)
  if (format === 'f')
    return sign + (precision < 0 ? plain(...digitsOf(magnitude)) : fixed(magnitude, precision))
  const upper = format === 'E' || format === 'G'
  const text =
    format === 'e' || format === 'E' ? exponential(magnitude, precision) : general(magnitude, precision)
  return sign + (upper ? text.toUpperCase() : text)
}

/** Significant digits and the decimal exponent of the first one. */
function digitsOf(value: number, digits?: number): [string, number] {
  const text = digits === undefined ? value.toExponential() : value.toExponential(Math.min(digits - 1, 100))
  const [mantissa = '0', exponent = '0'] = text.split('e')
  return [mantissa.replace('.', ''), Number(exponent)]
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  const rest = digits.slice(exponent + 1)
  return rest ? `${whole}.${rest}` : whole
}

function withExponent(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function exponential(value: number, precision: number): string {
  const [digits, exponent] = precision < 0 ? digitsOf(value) : digitsOf(value, precision + 1)
  return withExponent(digits, exponent)
}

function general(value: number, precision: number): string {
  const shortest = precision < 0
  const wanted = precision === 0 ? 1 : precision
  const [all, exponent] = shortest ? digitsOf(value) : digitsOf(value, wanted)
  const digits = all.replace(/(?<=.)0+$/, '')
  // %e is used for exponents below -4 or from the precision on; the shortest form counts as precision 6.
  let limit = shortest ? 6 : wanted
  if (!shortest && limit > digits.length && digits.length >= exponent + 1) limit = digits.length
  if (exponent < -4 || exponent >= limit) return withExponent(digits, exponent)
  return plain(digits, exponent)
}

/** Exactly rounded to `precision` decimals, half to even. */
function fixed(value: number, precision: number): string {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const rawExponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const mantissa = rawExponent === 0 ? fraction : fraction | 0x10000000000000n
  const exponent = (rawExponent === 0 ? 1 : rawExponent) - 1075
  const scaled = mantissa * 10n ** BigInt(precision)
  let rounded: bigint
  if (exponent >= 0) {
    rounded = scaled << BigInt(exponent)
  } else {
    const shift = BigInt(-exponent)
    rounded = scaled >> shift
    const rest = scaled - (rounded << shift)
    const half = 1n << (shift - 1n)
    if (rest > half || (rest === half && rounded % 2n === 1n)) rounded += 1n
  }
  const digits = rounded.toString().padStart(precision + 1, '0')
  return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`
}

const INT_MIN = -(2n ** 63n)
const INT_MAX = 2n ** 63n - 1n
const UINT_MAX = 2n ** 64n - 1n
const BASE_PREFIX =
  /^([+-]?)(?:0[xX]_?([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)|0[bB]_?([01]+(?:_[01]+)*)|0[oO]?_?([0-7]+(?:_[0-7]+)*)|(0|[1-9][0-9]*(?:_[0-9]+)*))$/

/** strconv.ParseInt(text, 0, 64) without its range check; undefined where it reports a syntax error. */
function parseAnyBase(text: string): bigint | undefined {
  const match = BASE_PREFIX.exec(text)
  if (!match) return undefined
  const [, sign, hex, binary, octal, decimal] = match
  const clean = (digits: string) => digits.replaceAll('_', '')
  let value: bigint
  if (hex !== undefined) value = BigInt(`0x${clean(hex)}`)
  else if (binary !== undefined) value = BigInt(`0b${clean(binary)}`)
  else if (octal !== undefined) value = BigInt(`0o${clean(octal)}`)
  else value = BigInt(clean(decimal ?? '0'))
  return sign === '-' ? -value : value
}

/** strconv.ParseInt(text, 0, 64); undefined on a syntax or range error. */
export function parseInt64(text: string): bigint | undefined {
  const value = parseAnyBase(text)
  return value !== undefined && value >= INT_MIN && value <= INT_MAX ? value : undefined
}

/** strconv.ParseUint(text, 0, 64); undefined on a syntax or range error. */
export function parseUint64(text: string): bigint | undefined {
  if (text.startsWith('+') || text.startsWith('-')) return undefined
  const value = parseAnyBase(text)
  return value !== undefined && value <= UINT_MAX ? value : undefined
}

/** strconv.ParseInt(text, 10, 64); undefined on a syntax or range error. */
export function parseDecimal(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  return value >= INT_MIN && value <= INT_MAX ? value : undefined
}

/** strconv.ParseFloat(text, 64); undefined on a syntax error. Hexadecimal floats are read too. */
export function parseFloat64(text: string): number | undefined {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text)
  if (special) {
    if (special[2]?.toLowerCase() === 'nan') return Number.NaN
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text)
  const hex = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/.exec(text)
  if (!hex) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = hex
  if (!whole && !fraction) return undefined
  const value = Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length)
  return sign === '-' ? -value : value
}

const ESCAPE: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}
const NEEDS_QUOTING = /[^\x20-\x7e]|["\\]/
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

/** unicode.IsPrint. */
export function isPrint(char: string): boolean {
  return char < '\x80' ? char >= ' ' && char < '\x7f' : PRINTABLE.test(char)
}

/** strconv.Quote: a double-quoted Go string literal. */
export function quote(text: string): string {
  if (!NEEDS_QUOTING.test(text)) return `"${text}"`
  let out = '"'
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const named = ESCAPE[char]
    if (named) out += named
    else if (code >= 0xdc80 && code <= 0xdcff) out += `\\x${(code - 0xdc00).toString(16)}`
    else if (isPrint(char)) out += char
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`
    else if (code < 0x10000) out += `\\u${code.toString(16).padStart(4, '0')}`
    else out += `\\U${code.toString(16).padStart(8, '0')}`
  }
  return `${out}"`
}

const UNESCAPE: Record<string, number> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
}

/** strconv.Unquote of a `"…"` or backquoted literal; undefined where Go reports invalid syntax. */
export function unquote(literal: string): string | undefined {
  const delimiter = literal[0]
  const body = literal.slice(1, -1)
  if (literal.length < 2 || literal.at(-1) !== delimiter) return undefined
  if (delimiter === '`') return body.replaceAll('\r', '')
  if (!body.includes('\\')) return body.includes('\n') ? undefined : body
  const bytes: number[] = []
  let out = ''
  const flush = () => {
    if (bytes.length === 0) return
    out += Buffer.from(bytes).toString('utf8')
    bytes.length = 0
  }
  for (let i = 0; i < body.length; ) {
    if (body[i] !== '\\') {
      flush()
      out += body[i++]
      continue
    }
    const found = readEscape(body, i, delimiter ?? '"')
    if (!found) return undefined
    if (found.byte === undefined) {
      flush()
      out += found.text
    } else {
      bytes.push(found.byte)
    }
    i = found.next
  }
  flush()
  return out
}

interface Escape {
  text: string
  /** Set for \xNN and octal escapes, which name one byte rather than a character. */
  byte?: number
  next: number
}

function readEscape(body: string, at: number, delimiter: string): Escape | undefined {
  const letter = body[at + 1]
  if (letter === undefined) return undefined
  const width = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0
  if (width > 0) {
    const digits = body.slice(at + 2, at + 2 + width)
    if (!new RegExp(`^[0-9a-fA-F]{${width}}$`).test(digits)) return undefined
    const code = Number.parseInt(digits, 16)
    const next = at + 2 + width
    if (letter === 'x') return { text: '', byte: code, next }
    return code > 0x10ffff || (code >= 0xd800 && code < 0xe000)
      ? undefined
      : { text: String.fromCodePoint(code), next }
  }
  const octal = /^[0-7]{3}/.exec(body.slice(at + 1))
  if (octal) {
    const code = Number.parseInt(octal[0], 8)
    return code > 255 ? undefined : { text: '', byte: code, next: at + 4 }
  }
  const code = UNESCAPE[letter]
  if (code === undefined || ((letter === "'" || letter === '"') && letter !== delimiter)) return undefined
  return { text: String.fromCharCode(code), next: at + 2 }
}

/** The code point of a character literal such as 'x' or '\n'; undefined where malformed. */
export function unquoteChar(literal: string): number | undefined {
  const text = unquote(literal)
  if (text === undefined || [...text].length !== 1) return undefined
  return text.codePointAt(0)
}
