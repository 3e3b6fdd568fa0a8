/**
 * Go's dynamic values as templates see them. A JavaScript value stands for a Go value as follows:
 * `undefined` an invalid reflect.Value, `null` a nil interface{}, `number` float64, `Int` any integer kind,
 * `string` string, `Uint8Array` []byte, an array a slice, a `Map` a map, `Struct` a struct or a pointer to one.
 */

export type IntKind = 'int' | 'int32' | 'int64' | 'uint8' | 'uint32' | 'uint64'

/** A Go integer. Floats are plain numbers, so that the two print and compare as they do in Go. */
export class Int {
  readonly kind: IntKind
  readonly value: bigint

  constructor(kind: IntKind, value: bigint) {
    this.kind = kind
    this.value = value
  }
}

export const int = (value: number | bigint): Int => new Int('int', BigInt.asIntN(64, BigInt(value)))
export const int64 = (value: number | bigint): Int => new Int('int64', BigInt.asIntN(64, BigInt(value)))

export type GoMap = Map<string, unknown>
export type Slice = unknown[]

/** A function that templates can call. `params` are Go types; the last repeats when `variadic`. */
export interface Func {
  params: ParamType[]
  variadic: boolean
  call: (...args: any[]) => unknown
}

export type ParamType =
  | 'interface {}'
  | 'reflect.Value'
  | 'string'
  | 'bool'
  | 'int'
  | 'int64'
  | 'uint32'
  | 'float64'
  | 'map[string]interface {}'
  | '[]interface {}'
  | 'time.Time'
  | 'sprig.certificate'

export interface Field {
  name: string
  value: unknown
  /** Key in JSON and YAML; the field is left out when undefined. */
  json?: string
  omitEmpty?: boolean
}

/** A Go struct, or a pointer to one when `type` starts with `*`. */
export class Struct {
  readonly type: string
  readonly fields: Map<string, Field>
  readonly methods: Record<string, Func>
  /** fmt.Stringer, for types that have one. */
  readonly stringer: (() => string) | undefined
  /** A String method of the pointer type: only `{{ value }}` itself prints through it, fmt does not see it. */
  pointerStringer: (() => string) | undefined

  constructor(type: string, fields: Field[], methods: Record<string, Func> = {}, stringer?: () => string) {
    this.type = type
    this.fields = new Map(fields.map((field) => [field.name, field]))
    this.methods = methods
    this.stringer = stringer
  }
}

const typeNames = new WeakMap<object, string>()
const methodTables = new WeakMap<object, Record<string, Func>>()
const nils = new WeakSet<object>()

/** Marks a slice or map as being of a Go type other than []interface {} or map[string]interface {}. */
export function typed<T extends object>(value: T, type: string): T {
  typeNames.set(value, type)
  return value
}

/** Gives a slice or map methods, as a named Go type has. */
export function withMethods<T extends object>(value: T, type: string, methods: Record<string, Func>): T {
  methodTables.set(value, methods)
  return typed(value, type)
}

/** Marks an empty slice or map as nil: it prints as empty, but is null in JSON and YAML. */
export function nilOf<T extends object>(value: T): T {
  nils.add(value)
  return value
}

export function isNil(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && nils.has(value))
}

export function methodOf(value: unknown, name: string): Func | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const table = value instanceof Struct ? value.methods : methodTables.get(value)
  return table && Object.hasOwn(table, name) ? table[name] : undefined
}

/** reflect.Kind as text. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'invalid'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
      return 'float64'
    case 'object':
      if (value instanceof Int) return value.kind
      if (value instanceof Map) return 'map'
      if (value instanceof Struct) return value.type.startsWith('*') ? 'ptr' : 'struct'
      return 'slice'
    default:
      return 'func'
  }
}

/** The Go type's name, as %T prints it. */
export function typeOf(value: unknown): string {
  if (value === undefined || value === null) return '<nil>'
  if (typeof value === 'object') {
    if (value instanceof Int) return value.kind
    if (value instanceof Struct) return value.type
    const name = typeNames.get(value)
    if (name) return name
    if (value instanceof Uint8Array) return '[]uint8'
    return value instanceof Map ? 'map[string]interface {}' : '[]interface {}'
  }
  return kindOf(value)
}

export function isSlice(value: unknown): value is Slice | Uint8Array {
  return Array.isArray(value) || value instanceof Uint8Array
}

/** A slice's elements as values; bytes become uint8. */
export function elements(slice: Slice | Uint8Array): Slice {
  return slice instanceof Uint8Array ? Array.from(slice, (byte) => new Int('uint8', BigInt(byte))) : slice
}

/** The zero value that a missing key of this map reads as. */
export function zeroOfElement(map: GoMap): unknown {
  const type = typeNames.get(map)
  if (type === 'map[string]string') return ''
  if (type === 'engine.files') return nilOf(new Uint8Array())
  return null
}

/** Keys in Go's printing and ranging order: by bytes of their UTF-8 form. */
export function sortedKeys(map: GoMap): string[] {
  return [...map.keys()].sort(compareStrings)
}

/** Go compares strings bytewise, which is code point order; JavaScript's < is UTF-16 order. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) {
      const bothAbove = x >= 0xd800 && y >= 0xd800
      return bothAbove ? (a.codePointAt(i) ?? 0) - (b.codePointAt(i) ?? 0) : x - y
    }
  }
  return a.length - b.length
}

/** Is the value true, in the sense of not being its type's zero value (text/template's truth)? */
export function truth(value: unknown): boolean {
  if (value === undefined || value === null) return false
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      return value.length > 0
    case 'number':
      return value !== 0
    case 'object':
      if (value instanceof Int) return value.value !== 0n
      if (value instanceof Map) return value.size > 0
      return isSlice(value) ? value.length > 0 : true
    default:
      return true
  }
}
