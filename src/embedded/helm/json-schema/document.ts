/** A schema document: its dialect, the schemas in it that have a name, and where references lead. */
import { fromJson, JsonError } from '../go/json.ts'
import { toPlain } from '../go/plain.ts'

export type Schema = boolean | { readonly [keyword: string]: any }

/** A document that cannot be used; the message is that of Helm's validator. */
export class SchemaProblem extends Error {}

const ROOT = 'file:///values.schema.json'
/** Keywords whose values are data, not schemas. */
const DATA = new Set(['enum', 'const', 'default', 'examples'])
const LATEST = 2020

export class SchemaDocument {
  readonly root: Schema
  /** 4, 6, 7, 2019 or 2020. */
  readonly draft: number
  /** Schemas by absolute address, those with an anchor under address#anchor. */
  readonly #named = new Map<string, Schema>()
  readonly #bases = new WeakMap<object, string>()

  /** Throws a SchemaProblem for what is no JSON or no schema. */
  constructor(source: string) {
    this.root = parse(source)
    this.draft = typeof this.root === 'boolean' ? LATEST : draftOf(this.root.$schema)
    this.#named.set(ROOT, this.root)
    this.#index(this.root, ROOT)
    this.#requireTargets()
  }

  /**
   * Where a `$ref` of this schema leads. What lies on the network is not fetched, and allows everything. Throws a
   * SchemaProblem for a place that does not exist.
   */
  resolve(ref: string, from: object): Schema {
    const url = new URL(ref, this.#bases.get(from) ?? ROOT)
    const fragment = decodeURIComponent(url.hash.slice(1))
    url.hash = ''
    const document = this.#named.get(url.href)
    if (document === undefined) {
      if (url.protocol !== 'file:') return true
      throw new SchemaProblem(
        `failing loading "${url.href}": open ${url.pathname}: no such file or directory`,
      )
    }
    if (fragment === '') return document
    if (!fragment.startsWith('/')) {
      const anchored = this.#named.get(`${url.href}#${fragment}`)
      if (anchored !== undefined) return anchored
      throw new SchemaProblem(`anchor in "${url.href}#${fragment}" not found`)
    }
    const target = fragment
      .slice(1)
      .split('/')
      .reduce((at: any, part) => at?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document)
    if (target === undefined) throw new SchemaProblem(`json-pointer in "${url.href}#${fragment}" not found`)
    return target
  }

  /** Notes every object's base address, and the schemas that name themselves. */
  #index(node: unknown, base: string): void {
    if (Array.isArray(node)) for (const item of node) this.#index(item, base)
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return
    const schema = node as Record<string, unknown>
    const own = this.#nameOf(schema, base)
    this.#bases.set(schema, own)
    for (const [keyword, member] of Object.entries(schema)) {
      if (!DATA.has(keyword)) this.#index(member, own)
    }
  }

  #nameOf(schema: Record<string, unknown>, base: string): string {
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const anchor = schema[keyword]
      if (typeof anchor === 'string') this.#named.set(`${base}#${anchor}`, schema)
    }
    const id = schema[this.draft === 4 ? 'id' : '$id']
    // Before 2019, a reference made everything beside it void.
    if (typeof id !== 'string' || (this.draft < 2019 && '$ref' in schema)) return base
    if (id.startsWith('#')) {
      this.#named.set(`${base}${id}`, schema)
      return base
    }
    const own = new URL(id, base)
    own.hash = ''
    this.#named.set(own.href, schema)
    return own.href
  }

  /** A reference into nothing makes the whole schema unusable, whatever the values. */
  #requireTargets(): void {
    const visit = (node: unknown) => {
      if (typeof node !== 'object' || node === null) return
      const ref = (node as Record<string, unknown>).$ref
      if (typeof ref === 'string' && this.#bases.has(node)) this.resolve(ref, node)
      for (const [keyword, member] of Object.entries(node)) if (!DATA.has(keyword)) visit(member)
    }
    visit(this.root)
  }
}

function parse(source: string): Schema {
  try {
    const value = toPlain(fromJson(source))
    if (typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value)))
      return value as Schema
    const got = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
    throw new SchemaProblem(
      `"${ROOT}#" is not valid against metaschema: jsonschema validation failed with ` +
        `'https://json-schema.org/draft/2020-12/schema#'\n- at '': got ${got}, want boolean or object`,
    )
  } catch (error) {
    // A stream that ends early has a text of its own in Go.
    if (error instanceof JsonError)
      throw new SchemaProblem(error.message.replace('unexpected end of JSON input', 'unexpected EOF'))
    throw error
  }
}

/** The dialect that `$schema` names; the latest without one, or with one that is not known. */
function draftOf(address: unknown): number {
  const match = /^https?:\/\/json-schema\.org\/draft(?:\/(20\d\d)-\d\d|-0(\d))\/schema#?$/.exec(
    String(address),
  )
  return match ? Number(match[1] ?? match[2]) : LATEST
}
