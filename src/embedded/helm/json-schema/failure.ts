/** What a schema found wrong, as a tree, and the text that Helm's validator (jsonschema v6) prints of it. */
import { quote } from '../go/strconv.ts'

export interface Failure {
  /** Where in the values: names and indices. */
  at: readonly string[]
  text: string
  causes: Failure[]
  /** Came through a reference: with one cause, only the cause is shown. */
  reference?: boolean
}

/** Several failures of one schema count as one towards the schema around it. */
export function together(at: readonly string[], failures: Failure[]): Failure | undefined {
  return failures.length > 1 ? { at, text: 'validation failed', causes: failures } : failures[0]
}

/** One line per failure, causes indented below; a whole document's own wrapper is left out. */
export function failureText(failure: Failure): string {
  const lines: string[] = []
  const isGroup = !failure.reference && failure.text === 'validation failed'
  for (const each of isGroup ? failure.causes : [failure]) print(each, 0, lines)
  return lines.join('\n')
}

function print({ at, text, causes, reference }: Failure, depth: number, lines: string[]): void {
  const hidden = reference && causes.length === 1
  if (!hidden) lines.push(`${'  '.repeat(depth)}- at ${quoted(pointer(at))}: ${text}`)
  for (const cause of causes) print(cause, hidden ? depth : depth + 1, lines)
}

function pointer(at: readonly string[]): string {
  return at.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function quoted(text: string): string {
  return `'${quote(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** A value named in a message. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  return value === null ? '<nil>' : JSON.stringify(value)
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** A number in English: grouped by thousands, as powers of ten from a million on. */
export function numberText(value: number): string {
  const [mantissa = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (value === 0 || (exponent >= -4 && exponent < 6)) {
    const [whole = '', fraction] = String(value).split('.')
    return grouped(whole) + (fraction === undefined ? '' : `.${fraction}`)
  }
  const digits = String(Math.abs(exponent)).padStart(2, '0')
  const raised = [...digits].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')
  return `${mantissa}×10${exponent < 0 ? '⁻' : ''}${raised}`
}

/** A count in English. */
export function countText(count: number): string {
  return grouped(String(count))
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}
