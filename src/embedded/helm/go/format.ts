/** Go's fmt: Sprint, Sprintln and Sprintf with its verbs, flags, widths and error marks. */
import { fromBytes, toBytes } from './bytes.ts'
import { formatFloat, quote } from './strconv.ts'
import { elements, Int, isNil, isSlice, kindOf, Struct, sortedKeys, typeOf } from './value.ts'

/** What %v prints. `nested` values inside a container print nil as <nil> and never call a pointer's target twice. */
export function valueText(value: unknown): string {
  return formatValue(value, PLAIN_V)
}

/** fmt.Sprint: a space goes between two operands when neither is a string. */
export function sprint(values: unknown[]): string {
  let out = ''
  values.forEach((value, i) => {
    if (i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string') out += ' '
    out += valueText(value)
  })
  return out
}

/** fmt.Sprintln. */
export function sprintln(values: unknown[]): string {
  return `${values.map(valueText).join(' ')}\n`
}

interface Spec {
  verb: string
  plus: boolean
  /** %+v: field names, which is not the sign that + means elsewhere. */
  plusV: boolean
  minus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  width?: number
  precision?: number
}

const PLAIN_V: Spec = {
  verb: 'v',
  plus: false,
  plusV: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
}

/** fmt.Sprintf. */
export function sprintf(format: string, values: unknown[]): string {
  let out = ''
  let next = 0
  let reordered = false
  for (let i = 0; i < format.length; ) {
    const percent = format.indexOf('%', i)
    if (percent < 0) {
      out += format.slice(i)
      break
    }
    out += format.slice(i, percent)
    i = percent + 1
    const spec: Spec = { ...PLAIN_V }
    for (; i < format.length; i++) {
      const flag = format[i]
      if (flag === '+') spec.plus = true
      else if (flag === '-') spec.minus = true
      else if (flag === '#') spec.sharp = true
      else if (flag === ' ') spec.space = true
      else if (flag === '0') spec.zero = true
      else break
    }
    const index = () => {
      const match = /^\[(\d+)\]/.exec(format.slice(i))
      if (!match) return
      reordered = true
      next = Number(match[1]) - 1
      i += match[0].length
    }
    const number = (): number | 'bad' | undefined => {
      index()
      if (format[i] === '*') {
        i++
        const value = values[next++]
        return value instanceof Int ? Number(value.value) : 'bad'
      }
      const digits = /^\d+/.exec(format.slice(i))?.[0]
      if (digits === undefined) return undefined
      i += digits.length
      return Number(digits)
    }
    const width = number()
    if (width === 'bad') out += '%!(BADWIDTH)'
    else if (width !== undefined) {
      spec.width = Math.abs(width)
      if (width < 0) spec.minus = true
    }
    if (format[i] === '.') {
      i++
      const precision = number()
      if (precision === 'bad') out += '%!(BADPREC)'
      else spec.precision = precision ?? 0
    }
    index()
    if (i >= format.length) {
      out += '%!(NOVERB)'
      break
    }
    spec.verb = String.fromCodePoint(format.codePointAt(i) ?? 0)
    i += spec.verb.length
    if (spec.verb === 'v' && spec.plus) {
      spec.plus = false
      spec.plusV = true
    }
    if (spec.verb === '%') out += '%'
    else if (next < 0 || (reordered && next >= values.length)) out += `%!${spec.verb}(BADINDEX)`
    else if (next >= values.length) out += `%!${spec.verb}(MISSING)`
    else out += formatValue(values[next++], spec)
  }
  if (!reordered && next < values.length) {
    const extra = values
      .slice(next)
      .map((v) => (v === null || v === undefined ? '<nil>' : `${typeOf(v)}=${valueText(v)}`))
    out += `%!(EXTRA ${extra.join(', ')})`
  }
  return out
}

function formatValue(value: unknown, spec: Spec): string {
  if (spec.verb === 'T') return pad(typeOf(value), { ...spec, verb: 's' })
  if (value === undefined || value === null) {
    return spec.verb === 'v' ? pad('<nil>', spec) : badVerb(spec.verb, undefined)
  }
  if (value instanceof Struct) return formatStruct(value, spec)
  if (typeof value === 'string') return formatString(value, spec)
  if (typeof value === 'number') return formatNumber(value, spec)
  if (typeof value === 'boolean') {
    return spec.verb === 'v' || spec.verb === 't' ? pad(String(value), spec) : badVerb(spec.verb, value)
  }
  if (value instanceof Int) return formatInt(value, spec)
  if (value instanceof Uint8Array) return formatBytes(value, spec)
  if (value instanceof Map) return formatMap(value, spec)
  if (isSlice(value)) return formatSlice(value, spec)
  return badVerb(spec.verb, value)
}

function badVerb(verb: string, value: unknown): string {
  if (value === undefined || value === null) return `%!${verb}(<nil>)`
  return `%!${verb}(${typeOf(value)}=${valueText(value)})`
}

/** Pads to the width, counted in characters. */
function pad(text: string, spec: Spec): string {
  const missing = (spec.width ?? 0) - (spec.width === undefined ? 0 : [...text].length)
  if (missing <= 0) return text
  if (spec.minus) return text + ' '.repeat(missing)
  return (spec.zero ? '0' : ' ').repeat(missing) + text
}

/** Pads a number: zeros go between the sign and the digits. */
function padNumber(text: string, spec: Spec): string {
  const missing = (spec.width ?? 0) - text.length
  if (missing <= 0 || spec.minus || !spec.zero) return pad(text, { ...spec, zero: false })
  const sign = /^[+\- ]/.exec(text)?.[0] ?? ''
  return sign + '0'.repeat(missing) + text.slice(sign.length)
}

function signed(text: string, spec: Spec): string {
  if (text.startsWith('-')) return text
  return spec.plus ? `+${text}` : spec.space ? ` ${text}` : text
}

function formatString(value: string, spec: Spec): string {
  const cut = spec.precision === undefined ? value : [...value].slice(0, spec.precision).join('')
  switch (spec.verb) {
    case 'v':
      return pad(spec.sharp ? quote(cut) : cut, spec)
    case 's':
      return pad(cut, spec)
    case 'q':
      return pad(spec.sharp && !cut.includes('`') ? `\`${cut}\`` : quote(cut), spec)
    case 'x':
    case 'X':
      return pad(hexText(toBytes(value), spec), spec)
    default:
      return badVerb(spec.verb, value)
  }
}

function hexText(bytes: Uint8Array, spec: Spec): string {
  const cut = spec.precision === undefined ? bytes : bytes.subarray(0, spec.precision)
  const hex = Array.from(cut, (byte) => byte.toString(16).padStart(2, '0'))
  const prefix = spec.sharp ? '0x' : ''
  const text = spec.space ? hex.map((pair) => prefix + pair).join(' ') : prefix + hex.join('')
  return spec.verb === 'X' ? text.toUpperCase() : text
}

function formatInt(int: Int, spec: Spec): string {
  const value = int.value
  const magnitude = value < 0n ? -value : value
  const digits = (radix: number, prefix: string) => {
    let text = magnitude.toString(radix)
    if (spec.precision !== undefined) {
      text = spec.precision === 0 && value === 0n ? '' : text.padStart(spec.precision, '0')
    }
    return signed((value < 0n ? '-' : '') + (spec.sharp ? prefix : '') + text, spec)
  }
  // A precision switches zero padding off.
  const padding = spec.precision === undefined ? spec : { ...spec, zero: false }
  switch (spec.verb) {
    case 'v':
    case 'd':
      return padNumber(digits(10, ''), padding)
    case 'b':
      return padNumber(digits(2, '0b'), padding)
    case 'o':
      return padNumber(digits(8, '0'), padding)
    case 'O':
      return padNumber(signed(`${value < 0n ? '-' : ''}0o${magnitude.toString(8)}`, spec), padding)
    case 'x':
      return padNumber(digits(16, '0x'), padding)
    case 'X':
      return padNumber(digits(16, '0x').toUpperCase(), padding)
    case 'c':
      return pad(codePoint(value), spec)
    case 'q':
      return pad(`'${quote(codePoint(value)).slice(1, -1).replace('\\"', '"').replace(/^'$/, "\\'")}'`, spec)
    case 'U':
      return pad(`U+${magnitude.toString(16).toUpperCase().padStart(4, '0')}`, spec)
    default:
      return badVerb(spec.verb, int)
  }
}

function codePoint(value: bigint): string {
  return value < 0n || value > 0x10ffffn ? '\ufffd' : String.fromCodePoint(Number(value))
}

function formatNumber(value: number, spec: Spec): string {
  const { verb } = spec
  let text: string
  if (verb === 'v') text = formatFloat(value, 'g', spec.precision ?? -1)
  else if (verb === 'g' || verb === 'G') text = formatFloat(value, verb, spec.precision ?? -1)
  else if (verb === 'e' || verb === 'E') text = formatFloat(value, verb, spec.precision ?? 6)
  else if (verb === 'f' || verb === 'F') text = formatFloat(value, 'f', spec.precision ?? 6)
  else return badVerb(verb, value)
  if (!spec.plus) text = text.replace(/^\+/, '')
  const finite = Number.isFinite(value)
  return padNumber(signed(text, spec), finite ? spec : { ...spec, zero: false })
}

function formatBytes(value: Uint8Array, spec: Spec): string {
  switch (spec.verb) {
    case 's':
    case 'q':
      return formatString(fromBytes(value), spec)
    case 'x':
    case 'X':
      return pad(hexText(value, spec), spec)
    case 'v':
    case 'd':
      if (spec.sharp) return `[]byte{${Array.from(value, (byte) => `0x${byte.toString(16)}`).join(', ')}}`
      return `[${Array.from(value, String).join(' ')}]`
    default:
      return badVerb(spec.verb, value)
  }
}

function formatSlice(value: unknown[] | Uint8Array, spec: Spec): string {
  const sharp = spec.sharp && spec.verb === 'v'
  if (sharp && isNil(value)) return `${typeOf(value)}(nil)`
  const items = elements(value).map((item) => formatElement(item, spec))
  return sharp ? `${typeOf(value)}{${items.join(', ')}}` : `[${items.join(' ')}]`
}

function formatMap(value: Map<string, unknown>, spec: Spec): string {
  const sharp = spec.sharp && spec.verb === 'v'
  if (sharp && isNil(value)) return `${typeOf(value)}(nil)`
  const items = sortedKeys(value).map(
    (key) => `${formatValue(key, spec)}:${formatElement(value.get(key), spec)}`,
  )
  return sharp ? `${typeOf(value)}{${items.join(', ')}}` : `map[${items.join(' ')}]`
}

/** A container's element: nil is <nil> under every verb; %#v prints it by its type. */
function formatElement(value: unknown, spec: Spec): string {
  if (value === null || value === undefined) {
    return spec.sharp && spec.verb === 'v' ? 'interface {}(nil)' : '<nil>'
  }
  return formatValue(value, spec)
}

function formatStruct(value: Struct, spec: Spec): string {
  const textual = 'vsqxX'.includes(spec.verb)
  if (value.stringer && textual && !(spec.sharp && spec.verb === 'v'))
    return formatString(value.stringer(), spec)
  const pointer = kindOf(value) === 'ptr' ? '&' : ''
  const fields = [...value.fields.values()]
  if (spec.sharp && spec.verb === 'v') {
    const inner = fields.map((field) => `${field.name}:${formatElement(field.value, spec)}`)
    return `${pointer}${typeOf(value).replace(/^\*/, '')}{${inner.join(', ')}}`
  }
  const inner = fields.map((field) => (spec.plusV ? `${field.name}:` : '') + formatElement(field.value, spec))
  return `${pointer}{${inner.join(' ')}}`
}
