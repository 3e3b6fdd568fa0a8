/** Parses a template's text into trees: the file's own and one for each define and block in it. */
import { quote, unquote } from '../go/strconv.ts'
import type { Action, Command, List, Node, Operand, Pipeline, TemplateCall, Tree, Variable } from './ast.ts'
import { parseError } from './errors.ts'
import type { Token } from './lex.ts'
import { numberLiteral } from './number.ts'
import { TokenStream, tokenText } from './tokens.ts'

type Ending = 'end' | 'else'
const OPERAND_START = new Set([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
])

/**
 * Trees by name. `knows` tells which functions exist; an unknown one is an error, as in Go.
 * Throws a TemplateError of the form `template: file:line: what`.
 */
export function parseTemplate(
  file: string,
  text: string,
  knows: (name: string) => boolean,
): Map<string, Tree> {
  const parser = new Parser(file, text, knows)
  parser.file()
  return parser.trees
}

/** Nothing but blanks (and comments, which leave no nodes): such a tree never replaces another. */
export function isEmptyTree(root: List): boolean {
  return root.every((node) => node.type === 'text' && /^\s*$/.test(node.text))
}

class Parser {
  readonly trees = new Map<string, Tree>()
  readonly #file: string
  readonly #text: string
  readonly #tokens: TokenStream
  readonly #knows: (name: string) => boolean
  #vars = ['$']
  #rangeDepth = 0
  #actionLine = 0

  constructor(file: string, text: string, knows: (name: string) => boolean) {
    this.#file = file
    this.#text = text
    this.#tokens = new TokenStream(text)
    this.#knows = knows
  }

  file(): void {
    const root: List = []
    while (this.#tokens.peek().type !== 'EOF') {
      if (this.#tokens.peek().type === 'leftDelim' && this.#tokens.takeKeyword('define')) {
        this.#definition()
        continue
      }
      const node = this.#textOrAction()
      if (typeof node === 'string') this.#fail(`unexpected {{${node}}}`)
      root.push(node)
    }
    this.#add(this.#file, root)
  }

  #fail(message: string, token = this.#tokens.last): never {
    throw parseError(this.#file, token.line, message)
  }

  #unexpected(token: Token, context: string): never {
    if (token.type === 'error') {
      let extra = ''
      if (this.#actionLine !== 0 && this.#actionLine !== token.line) {
        extra = ` in action started at ${this.#file}:${this.#actionLine}`
        if (token.value.endsWith(' action')) extra = extra.slice(' in action'.length)
      }
      this.#fail(token.value + extra, token)
    }
    this.#fail(`unexpected ${tokenText(token)} in ${context}`, token)
  }

  #expect(type: Token['type'], context: string): Token {
    const token = this.#tokens.nextNonSpace()
    if (token.type !== type) this.#unexpected(token, context)
    return token
  }

  #add(name: string, root: List): void {
    const old = this.trees.get(name)
    if (old && !isEmptyTree(old.root)) {
      if (!isEmptyTree(root)) this.#fail(`template: multiple definition of template ${quote(name)}`)
      return
    }
    this.trees.set(name, { name, file: this.#file, text: this.#text, root })
  }

  #templateName(context: string): string {
    const token = this.#tokens.nextNonSpace()
    if (token.type !== 'string' && token.type !== 'rawString') this.#unexpected(token, context)
    return this.#unquote(token)
  }

  #unquote(token: Token): string {
    return unquote(token.value) ?? this.#fail('invalid syntax')
  }

  /** A nested tree has variables and range depth of its own. */
  #nested(context: string): List {
    const saved = { vars: this.#vars, depth: this.#rangeDepth }
    this.#vars = ['$']
    this.#rangeDepth = 0
    const [list, ending] = this.#itemList()
    if (ending !== 'end') this.#fail(`unexpected {{${ending}}} in ${context}`)
    this.#vars = saved.vars
    this.#rangeDepth = saved.depth
    return list
  }

  #definition(): void {
    const context = 'define clause'
    const name = this.#templateName(context)
    this.#expect('rightDelim', context)
    this.#add(name, this.#nested(context))
  }

  #itemList(): [List, Ending] {
    const list: List = []
    while (this.#tokens.peekNonSpace().type !== 'EOF') {
      const node = this.#textOrAction()
      if (typeof node === 'string') return [list, node]
      list.push(node)
    }
    this.#tokens.next()
    this.#fail('unexpected EOF')
  }

  #textOrAction(): Node | Ending {
    const token = this.#tokens.nextNonSpace()
    if (token.type === 'text') return { type: 'text', pos: token.pos, text: token.value }
    if (token.type !== 'leftDelim') this.#unexpected(token, 'input')
    this.#actionLine = token.line
    const node = this.#action()
    this.#actionLine = 0
    return node
  }

  #action(): Node | Ending {
    const token = this.#tokens.nextNonSpace()
    if (token.type === 'keyword') {
      switch (token.value) {
        case 'block':
          return this.#block()
        case 'break':
        case 'continue': {
          const close = this.#tokens.nextNonSpace()
          if (close.type !== 'rightDelim') this.#unexpected(close, `{{${token.value}}}`)
          if (this.#rangeDepth === 0) this.#fail(`{{${token.value}}} outside {{range}}`)
          return { type: token.value, pos: token.pos }
        }
        case 'else': {
          const next = this.#tokens.peekNonSpace()
          if (next.type === 'keyword' && (next.value === 'if' || next.value === 'with')) return 'else'
          this.#expect('rightDelim', 'else')
          return 'else'
        }
        case 'end':
          this.#expect('rightDelim', 'end')
          return 'end'
        case 'if':
        case 'with':
        case 'range':
          return this.#control(token.value)
        case 'template':
          return this.#templateCall()
      }
    }
    this.#tokens.back()
    const start = this.#tokens.peek()
    return { type: 'action', pos: start.pos, pipe: this.#pipeline('command', 'rightDelim') } satisfies Action
  }

  #control(type: 'if' | 'with' | 'range'): Node {
    const mark = this.#vars.length
    const pipe = this.#pipeline(type, 'rightDelim')
    if (type === 'range') this.#rangeDepth++
    const [list, ending] = this.#itemList()
    if (type === 'range') this.#rangeDepth--
    let elseList: List | undefined
    if (ending === 'else') {
      const next = this.#tokens.peek()
      if (next.type === 'keyword' && next.value === type && type !== 'range') {
        // `else if` and `else with` nest; the one {{end}} closes them all.
        this.#tokens.next()
        elseList = [this.#control(type)]
      } else {
        const [rest, close] = this.#itemList()
        if (close !== 'end') this.#fail(`expected end; found {{${close}}}`)
        elseList = rest
      }
    }
    this.#vars.length = mark
    return { type, pos: pipe.pos, pipe, list, ...(elseList ? { elseList } : {}) }
  }

  #block(): TemplateCall {
    const context = 'block clause'
    const pos = this.#tokens.peekNonSpace().pos
    const name = this.#templateName(context)
    const pipe = this.#pipeline(context, 'rightDelim')
    this.#add(name, this.#nested(context))
    return { type: 'template', pos, name, pipe }
  }

  #templateCall(): TemplateCall {
    const context = 'template clause'
    const pos = this.#tokens.peekNonSpace().pos
    const name = this.#templateName(context)
    if (this.#tokens.peekNonSpace().type === 'rightDelim') {
      this.#tokens.next()
      return { type: 'template', pos, name }
    }
    return { type: 'template', pos, name, pipe: this.#pipeline(context, 'rightDelim') }
  }

  #declarations(pipe: Pipeline, context: string): void {
    while (this.#tokens.peekNonSpace().type === 'variable') {
      const { mark } = this.#tokens
      const token = this.#tokens.next()
      const next = this.#tokens.peekNonSpace()
      const comma = next.type === 'char' && next.value === ','
      if (next.type !== 'assign' && next.type !== 'declare' && !comma) {
        this.#tokens.reset(mark)
        return
      }
      this.#tokens.next()
      const variable: Variable = { type: 'variable', pos: token.pos, path: [token.value] }
      pipe.decl.push(variable)
      this.#vars.push(token.value)
      if (!comma) {
        pipe.assign = next.type === 'assign'
        return
      }
      if (context !== 'range' || pipe.decl.length >= 2) this.#fail(`too many declarations in ${context}`)
      const after = this.#tokens.peekNonSpace().type
      if (after !== 'variable' && after !== 'rightDelim' && after !== 'rightParen') {
        this.#fail('range can only initialize variables')
      }
    }
  }

  #pipeline(context: string, end: 'rightDelim' | 'rightParen'): Pipeline {
    const pipe: Pipeline = {
      type: 'pipe',
      pos: this.#tokens.peekNonSpace().pos,
      decl: [],
      assign: false,
      commands: [],
    }
    this.#declarations(pipe, context)
    for (;;) {
      const token = this.#tokens.nextNonSpace()
      if (token.type === end) break
      if (!OPERAND_START.has(token.type)) this.#unexpected(token, context)
      this.#tokens.back()
      pipe.commands.push(this.#command())
    }
    if (pipe.commands.length === 0) this.#fail(`missing value for ${context}`)
    pipe.commands.slice(1).forEach((command, i) => {
      if (['bool', 'dot', 'nil', 'number', 'string'].includes(command.args[0]?.type ?? '')) {
        this.#fail(`non executable command in pipeline stage ${i + 2}`)
      }
    })
    return pipe
  }

  #command(): Command {
    const command: Command = { type: 'command', pos: this.#tokens.peekNonSpace().pos, args: [] }
    for (;;) {
      this.#tokens.peekNonSpace()
      const operand = this.#operand()
      if (operand) command.args.push(operand)
      const token = this.#tokens.next()
      if (token.type === 'space') continue
      if (token.type === 'rightDelim' || token.type === 'rightParen') this.#tokens.back()
      else if (token.type !== 'pipe') this.#unexpected(token, 'operand')
      break
    }
    if (command.args.length === 0) this.#fail('empty command')
    return command
  }

  #operand(): Operand | undefined {
    const node = this.#term()
    if (!node || this.#tokens.peek().type !== 'field') return node
    const pos = this.#tokens.peek().pos
    const path: string[] = []
    while (this.#tokens.peek().type === 'field') path.push(this.#tokens.next().value.slice(1))
    switch (node.type) {
      case 'field':
      case 'variable':
        // Go places the joined path at its second element.
        return { ...node, pos, path: [...node.path, ...path] }
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        this.#fail(`unexpected . after term ${quote(termText(node))}`)
    }
    return { type: 'chain', pos, node, path }
  }

  #term(): Operand | undefined {
    const token = this.#tokens.nextNonSpace()
    const { pos, value } = token
    switch (token.type) {
      case 'identifier':
        if (!this.#knows(value)) this.#fail(`function ${quote(value)} not defined`)
        return { type: 'identifier', pos, name: value }
      case 'dot':
        return { type: 'dot', pos }
      case 'nil':
        return { type: 'nil', pos }
      case 'variable':
        if (!this.#vars.includes(value)) this.#fail(`undefined variable ${quote(value)}`)
        return { type: 'variable', pos, path: [value] }
      case 'field':
        return { type: 'field', pos, path: [value.slice(1)] }
      case 'bool':
        return { type: 'bool', pos, value: value === 'true' }
      case 'charConstant':
      case 'number': {
        const number = numberLiteral(value, token.type === 'charConstant', pos)
        return typeof number === 'string' ? this.#fail(number) : number
      }
      case 'complex':
        return this.#fail(`complex constants are not supported: ${value}`)
      case 'leftParen':
        return this.#pipeline('parenthesized pipeline', 'rightParen')
      case 'string':
      case 'rawString':
        return { type: 'string', pos, literal: value, value: this.#unquote(token) }
    }
    this.#tokens.back()
    return undefined
  }
}

function termText(node: Operand): string {
  switch (node.type) {
    case 'string':
      return node.literal
    case 'number':
      return node.text
    case 'bool':
      return String(node.value)
    default:
      return node.type === 'nil' ? 'nil' : '.'
  }
}
