/** Writes YAML as go-yaml does: sorted keys, its quoting rules, literal blocks, lines folded after column 80. */
import { replaceInvalid } from '../go/bytes.ts'
import { jsonFields, jsonNumber } from '../go/json.ts'
import { formatFloat } from '../go/strconv.ts'
import { Int, isNil, Struct } from '../go/value.ts'
import { resolvePlain } from './resolve.ts'
import { compareKeys } from './sort.ts'
import { writeScalar } from './write-scalar.ts'

export interface EmitOptions {
  /** Indent sequences inside mappings (go-yaml v3), instead of aligning them with the key (v2). */
  indentSequences?: boolean
}

/**
 * sigs.k8s.io/yaml.Marshal: the value's JSON form as YAML, with a final newline. Throws a JsonError for what JSON
 * cannot hold.
 */
export function toYaml(value: unknown, options: EmitOptions = {}): string {
  return new Emitter(options).root(value)
}

const STEP = 2

class Emitter {
  readonly #options: EmitOptions
  readonly #out: string[] = []

  constructor(options: EmitOptions) {
    this.#options = options
  }

  root(value: unknown): string {
    const node = normalise(value)
    if (isCollection(node) && sizeOf(node) > 0) this.#collection(node, 0)
    else this.#out.push(this.#inline(node, 0, STEP))
    return `${this.#out.join('')}\n`
  }

  /** A collection whose first line continues the current one, at this column. */
  #collection(node: Map<string, unknown> | unknown[], indent: number): void {
    if (node instanceof Map) this.#mapping(node, indent)
    else this.#sequence(node, indent)
  }

  #mapping(map: Map<string, unknown>, indent: number): void {
    let first = true
    for (const key of [...map.keys()].sort(compareKeys)) {
      this.#line(first, indent)
      first = false
      const name = writeScalar(key, { indent: indent + STEP, column: indent, isKey: true })
      const simple = !key.includes('\n') && Buffer.byteLength(key) <= 128
      this.#out.push(simple ? `${name}:` : `? ${name}`)
      if (!simple) {
        this.#line(false, indent)
        this.#out.push(':')
      }
      this.#member(normalise(map.get(key)), indent, simple ? name.length + 1 : 1)
    }
  }

  #member(node: unknown, indent: number, used: number): void {
    if (!isCollection(node) || sizeOf(node) === 0) {
      this.#out.push(' ', this.#inline(node, indent + used + 1, indent + STEP))
      return
    }
    const nested = Array.isArray(node) && !this.#options.indentSequences ? indent : indent + STEP
    this.#line(false, nested)
    this.#collection(node, nested)
  }

  #sequence(list: unknown[], indent: number): void {
    list.forEach((item, i) => {
      this.#line(i === 0, indent)
      this.#out.push('- ')
      const node = normalise(item)
      if (isCollection(node) && sizeOf(node) > 0) this.#collection(node, indent + STEP)
      else this.#out.push(this.#inline(node, indent + STEP, indent + STEP))
    })
  }

  #line(first: boolean, indent: number): void {
    if (!first) this.#out.push('\n', ' '.repeat(indent))
  }

  /** A scalar or an empty collection that starts at `column`; its further lines are indented by `indent`. */
  #inline(node: unknown, column: number, indent: number): string {
    if (node instanceof Map) return '{}'
    if (Array.isArray(node)) return '[]'
    if (typeof node === 'string') return writeScalar(node, { indent, column, isKey: false })
    return literalText(node)
  }
}

function isCollection(node: unknown): node is Map<string, unknown> | unknown[] {
  return node instanceof Map || Array.isArray(node)
}

function sizeOf(node: Map<string, unknown> | unknown[]): number {
  return node instanceof Map ? node.size : node.length
}

/** The value as its JSON form would read back. */
function normalise(value: unknown): unknown {
  if (value instanceof Struct) {
    return value.stringer && value.fields.size === 0 ? value.stringer() : new Map(jsonFields(value))
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (isNil(value) && !(value instanceof Map && value.size > 0)) return null
  return typeof value === 'string' ? replaceInvalid(value) : value
}

function literalText(value: unknown): string {
  if (value === null) return 'null'
  if (value instanceof Int) return value.value.toString()
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return numberText(value)
  throw new TypeError(`no YAML for a ${typeof value}`)
}

/** A float goes through JSON, where whole numbers look like integers and come back as such. */
function numberText(value: number): string {
  const resolved = resolvePlain(jsonNumber(value)).value
  if (resolved instanceof Int) return resolved.value.toString()
  return formatFloat(Number(resolved), 'g', -1)
}
