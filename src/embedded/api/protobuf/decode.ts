/** From a protobuf message to the JSON that it stands for. */
import { setField } from '../../store/json.ts'
import { Reader } from './reader.ts'
import { decodeScalar, isScalar } from './scalars.ts'
import { type WireField, wireMessage } from './wire-types.ts'

type Fields = Record<string, unknown>

/** The JSON of `group.Message`. Throws RangeError for bytes that are no such message. */
export function decodeMessage(name: string, bytes: Buffer): Fields {
  const object: Fields = {}
  decodeInto(object, name, bytes)
  return object
}

function decodeInto(object: Fields, name: string, bytes: Buffer): void {
  const message = wireMessage(name)
  if (!message) throw new RangeError(`no message ${name}`)
  const reader = new Reader(bytes)
  while (!reader.done) {
    const { field: number, wire } = reader.tag()
    const field = message.get(number)
    if (!field || (wire !== 0 && wire !== 2)) {
      reader.skip(wire)
      continue
    }
    const value = wire === 0 ? reader.varint() : reader.bytes()
    decodeField(object, field, value)
  }
}

function decodeField(object: Fields, field: WireField, value: bigint | Buffer): void {
  if (field.name === undefined) {
    decodeInto(object, field.type, value as Buffer)
  } else if (field.map) {
    const [key, entry] = decodeEntry(field, value as Buffer)
    const map = (object[field.name] ?? {}) as Fields
    setField(map, key, entry)
    object[field.name] = map
  } else if (field.repeated) {
    const list = (object[field.name] ?? []) as unknown[]
    list.push(decodeValue(field, value))
    object[field.name] = list
  } else {
    const decoded = decodeValue(field, value)
    // Go writes zero values out: without a pointer they mean that the field is not set.
    const unset = decoded === undefined || (!field.pointer && isZero(decoded))
    if (!unset) object[field.name] = decoded
  }
}

function decodeValue(field: WireField, value: bigint | Buffer): unknown {
  if (isScalar(field.type)) return decodeScalar(field.type, value)
  return decodeMessage(field.type, value as Buffer)
}

/** An entry of a map: key is field 1, value field 2. */
function decodeEntry(field: WireField, bytes: Buffer): [string, unknown] {
  const reader = new Reader(bytes)
  let key = ''
  let entry: unknown = field.type === 's' || field.type === 'y' ? '' : undefined
  while (!reader.done) {
    const { field: number, wire } = reader.tag()
    if (number === 1 && wire === 2) key = reader.bytes().toString()
    else if (number === 2 && wire <= 2) {
      entry = decodeValue(field, wire === 0 ? reader.varint() : reader.bytes())
    } else reader.skip(wire)
  }
  return [key, entry]
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false
}
