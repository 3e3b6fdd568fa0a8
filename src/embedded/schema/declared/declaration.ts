/**
 * Reads one type declaration of the kubernetes-models packages.
 *
 * Those packages ship their schemas compiled to validator functions; the field names, types, required marks,
 * enums and descriptions survive only in the .d.ts file beside each type, one type per file, in a regular form.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export type TypeExpression =
  | { kind: 'scalar'; name: 'string' | 'number' | 'boolean' }
  | { kind: 'enum'; values: string[] }
  | { kind: 'list'; items: TypeExpression }
  | { kind: 'map'; values: TypeExpression }
  | { kind: 'struct'; fields: Field[] }
  | { kind: 'reference'; file: string }
  /** `string | number`. */
  | { kind: 'intOrString' }
  /** Anything else the packages say: `unknown`, `{}`. */
  | { kind: 'any' }

export interface Field {
  name: string
  required: boolean
  type: TypeExpression
  /** Comment before the field as it stands in the source; see plainText. */
  comment: string
}

export interface Declaration {
  comment: string
  /** Files of the types whose fields this one also has. */
  bases: string[]
  type: TypeExpression
}

const TOKEN = /\s*(?:\/\*\*([\s\S]*?)\*\/|"((?:[^"\\]|\\.)*)"|([A-Za-z_$][\w$]*)|([^\s\w"]))/y
const IMPORT = /import \{ ([^}]+) \} from "([^"]+)"/g
const EXPORT = /export (interface|type) (I\w+)(?: extends ([^{]+))?(?: = | )/

interface Token {
  doc?: string
  text?: string
  word?: string
  mark?: string
}

/**
 * The declaration in `file` (an absolute path to a .d.ts).
 * @throws Error when the file does not have the packages' form
 */
export function readDeclaration(file: string): Declaration {
  const source = readFileSync(file, 'utf8')
  const match = EXPORT.exec(source)
  if (!match) throw new Error(`no type declaration in ${file}`)
  const [, form, name, bases] = match
  const files = new Map([[name!, file], ...importedFiles(source.slice(0, match.index), file)])
  const reader = new TypeReader(source, match.index + match[0].length, files)
  return {
    comment: commentBefore(source, match.index),
    bases: (bases ?? '').split(',').flatMap((base) => files.get(base.trim()) ?? []),
    type: form === 'interface' ? reader.struct() : reader.type(),
  }
}

function importedFiles(source: string, file: string): [string, string][] {
  const found: [string, string][] = []
  for (const [, names, from] of source.matchAll(IMPORT)) {
    const target = from!.startsWith('.')
      ? join(dirname(file), from!.replace(/\.js$/, '.d.ts'))
      : join(packagesFolder(file), `${from}.d.ts`)
    for (const name of names!.split(',')) if (/^I[A-Z]/.test(name.trim())) found.push([name.trim(), target])
  }
  return found
}

/** Text of the comment that ends right before `position`. */
function commentBefore(source: string, position: number): string {
  const head = source.slice(0, position).trimEnd()
  return head.endsWith('*/') ? head.slice(head.lastIndexOf('/**') + 3, -2) : ''
}

function packagesFolder(file: string): string {
  const marker = '/node_modules/'
  return file.slice(0, file.lastIndexOf(marker) + marker.length)
}

/** The text of a comment without its stars. */
export function plainText(comment: string): string {
  return comment
    .replace(/^[ \t]*\* ?/gm, '')
    .replaceAll('\\*', '*')
    .trim()
}

class TypeReader {
  readonly source: string
  readonly files: ReadonlyMap<string, string>
  position: number

  constructor(source: string, position: number, files: ReadonlyMap<string, string>) {
    this.source = source
    this.position = position
    this.files = files
  }

  next(): Token {
    TOKEN.lastIndex = this.position
    const match = TOKEN.exec(this.source)
    if (!match) return {}
    this.position = TOKEN.lastIndex
    const [, doc, text, word, mark] = match
    return { doc, text, word, mark }
  }

  peek(): Token {
    const start = this.position
    const token = this.next()
    this.position = start
    return token
  }

  /** `A | B | …`: literals make an enum, a single alternative stands for itself. */
  type(): TypeExpression {
    const alternatives = [this.alternative()]
    while (this.peek().mark === '|') {
      this.next()
      alternatives.push(this.alternative())
    }
    if (alternatives.length === 1) return alternatives[0]!
    if (alternatives.every((each) => each.kind === 'scalar')) return { kind: 'intOrString' }
    const values = alternatives.flatMap((each) => (each.kind === 'enum' ? each.values : []))
    return values.length === alternatives.length ? { kind: 'enum', values } : { kind: 'any' }
  }

  alternative(): TypeExpression {
    const token = this.peek()
    if (token.mark === '{') return this.struct()
    this.next()
    if (token.text !== undefined) return { kind: 'enum', values: [token.text] }
    switch (token.word) {
      case 'string':
      case 'number':
      case 'boolean':
        return { kind: 'scalar', name: token.word }
      case 'Array': {
        this.next()
        const items = this.type()
        this.next()
        return { kind: 'list', items }
      }
      default: {
        const file = this.files.get(token.word ?? '')
        return file ? { kind: 'reference', file } : { kind: 'any' }
      }
    }
  }

  /** `{ "a": T; "b"?: T }`, `{ [key: string]: T }` or `{}`. */
  struct(): TypeExpression {
    this.next()
    const fields: Field[] = []
    let comment = ''
    for (;;) {
      const token = this.next()
      if (token.doc !== undefined) {
        comment = token.doc
      } else if (token.mark === '[') {
        for (let skipped = this.next(); skipped.mark !== ']'; skipped = this.next());
        this.next()
        const values = this.type()
        while (this.next().mark !== '}');
        return { kind: 'map', values }
      } else if (token.text !== undefined) {
        const optional = this.next().mark === '?'
        if (optional) this.next()
        fields.push({ name: token.text, required: !optional, type: this.type(), comment })
        comment = ''
      } else if (token.mark !== ';') {
        return fields.length ? { kind: 'struct', fields } : { kind: 'any' }
      }
    }
  }
}
