/** The scalars of the wire format, and the messages of apimachinery that JSON writes as scalars. */
import { rfc3339 } from '../../../lib/clock.ts'
import { Reader } from './reader.ts'

type Decode = (value: bigint | Buffer) => unknown

const bytesOf = (value: bigint | Buffer): Buffer => {
  if (typeof value === 'bigint') throw new RangeError('a number where bytes belong')
  return value
}

const SCALARS: Record<string, Decode> = {
  s: (value) => bytesOf(value).toString(),
  y: (value) => bytesOf(value).toString('base64'),
  i: (value) => Number(value),
  b: (value) => value !== 0n,
  time: (value) => timeOf(value)?.text,
  micro: (value) => timeOf(value)?.micro,
  duration: (value) => `${Number(numbers(value).get(1) ?? 0n) / 1e9}s`,
  quantity: (value) => text(value, 1) ?? '0',
  intstr: (value) => {
    const fields = numbers(value)
    return fields.get(1) === 1n ? (text(value, 3) ?? '') : Number(fields.get(2) ?? 0n)
  },
  fields: (value) => JSON.parse(text(value, 1) ?? '{}'),
  raw: (value) => JSON.parse(text(value, 1) ?? 'null'),
  list: (value) => texts(value, 1),
}

export function isScalar(type: string): boolean {
  return Object.hasOwn(SCALARS, type)
}

/** The JSON of a scalar; undefined for a zero time. */
export function decodeScalar(type: string, value: bigint | Buffer): unknown {
  return SCALARS[type]!(value)
}

/** An empty message is Go's zero time. */
function timeOf(value: bigint | Buffer): { text: string; micro: string } | undefined {
  const fields = numbers(value)
  const seconds = fields.get(1)
  if (seconds === undefined) return undefined
  const ms = Number(seconds) * 1000
  const micros = Math.floor(Number(fields.get(2) ?? 0n) / 1000)
  const whole = rfc3339(ms)
  return { text: whole, micro: whole.replace('Z', `.${String(micros).padStart(6, '0')}Z`) }
}

function numbers(value: bigint | Buffer): Map<number, bigint> {
  const found = new Map<number, bigint>()
  const reader = new Reader(bytesOf(value))
  while (!reader.done) {
    const { field, wire } = reader.tag()
    if (wire === 0) found.set(field, reader.varint())
    else reader.skip(wire)
  }
  return found
}

function text(value: bigint | Buffer, field: number): string | undefined {
  return texts(value, field)[0]
}

function texts(value: bigint | Buffer, wanted: number): string[] {
  const found: string[] = []
  const reader = new Reader(bytesOf(value))
  while (!reader.done) {
    const { field, wire } = reader.tag()
    if (wire === 2 && field === wanted) found.push(reader.bytes().toString())
    else reader.skip(wire)
  }
  return found
}
