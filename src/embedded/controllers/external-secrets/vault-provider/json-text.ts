/** JSON as the Go operator reads and writes it: numbers keep their text, keys are sorted, HTML is escaped. */

interface RawJson {
  readonly rawJSON: string
}

/** ES2025's source text access, which the compiler's library does not declare yet. */
const SourceJson = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source: string }) => unknown): unknown
  rawJSON(text: string): RawJson
  isRawJSON(value: unknown): value is RawJson
}

/** Parses JSON; every number becomes its own text (see isNumber). */
export function parseJson(text: string): unknown {
  return SourceJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' ? SourceJson.rawJSON(source) : value,
  )
}

export function isNumber(value: unknown): value is RawJson {
  return SourceJson.isRawJSON(value)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value)
}

/** Go's json.Marshal of a parsed value. */
export function marshal(value: unknown): string {
  if (isNumber(value)) return value.rawJSON
  if (Array.isArray(value)) return `[${value.map(marshal).join(',')}]`
  if (isObject(value)) {
    const fields = Object.keys(value)
      .sort(byBytes)
      .map((key) => `${escaped(key)}:${marshal(value[key])}`)
    return `{${fields.join(',')}}`
  }
  return typeof value === 'string' ? escaped(value) : JSON.stringify(value)
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

function escaped(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A value as a Secret holds it: text as is, numbers as written, null empty, the rest as JSON. */
export function toBytes(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.alloc(0)
  return Buffer.from(typeof value === 'string' ? value : marshal(value))
}

/** A number's text as Go prints a float64 without exponent. */
export function plainDecimal(text: string): string {
  const [mantissa = '', exponent] = String(Number(text)).split('e')
  if (exponent === undefined) return mantissa
  const negative = mantissa.startsWith('-')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  const plain =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : digits.padEnd(point, '0').slice(0, point) + (digits.length > point ? `.${digits.slice(point)}` : '')
  return negative ? `-${plain}` : plain
}
