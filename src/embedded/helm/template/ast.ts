/** The template's syntax tree, and how each node prints in error messages. */

export type Node = Text | Action | If | With | Range | TemplateCall | Break | Continue
export type Operand =
  | Pipeline
  | FieldPath
  | Variable
  | Chain
  | Identifier
  | Dot
  | Nil
  | BoolLiteral
  | NumberLiteral
  | StringLiteral

/** Where a node stands: its offset in the text of the tree that it belongs to. */
interface Placed {
  pos: number
}

interface Text extends Placed {
  type: 'text'
  text: string
}
export interface Action extends Placed {
  type: 'action'
  pipe: Pipeline
}
interface Branch extends Placed {
  pipe: Pipeline
  list: List
  elseList?: List
}
interface If extends Branch {
  type: 'if'
}
interface With extends Branch {
  type: 'with'
}
export interface Range extends Branch {
  type: 'range'
}
export interface TemplateCall extends Placed {
  type: 'template'
  name: string
  pipe?: Pipeline
}
interface Break extends Placed {
  type: 'break'
}
interface Continue extends Placed {
  type: 'continue'
}
export type List = Node[]

export interface Pipeline extends Placed {
  type: 'pipe'
  decl: Variable[]
  /** `=` rather than `:=`. */
  assign: boolean
  commands: Command[]
}
export interface Command extends Placed {
  type: 'command'
  args: Operand[]
}
interface FieldPath extends Placed {
  type: 'field'
  path: string[]
}
export interface Variable extends Placed {
  type: 'variable'
  /** The name with its $, then the fields behind it. */
  path: string[]
}
interface Chain extends Placed {
  type: 'chain'
  node: Operand
  path: string[]
}
interface Identifier extends Placed {
  type: 'identifier'
  name: string
}
interface Dot extends Placed {
  type: 'dot'
}
interface Nil extends Placed {
  type: 'nil'
}
interface BoolLiteral extends Placed {
  type: 'bool'
  value: boolean
}
export interface NumberLiteral extends Placed {
  type: 'number'
  text: string
  /** Set when the constant is (also) a whole number that fits. */
  int?: bigint
  float?: number
}
interface StringLiteral extends Placed {
  type: 'string'
  /** The literal as written, quotes included. */
  literal: string
  value: string
}

/** A parsed template. `file` names the text that its positions point into. */
export interface Tree {
  name: string
  file: string
  text: string
  root: List
}

/** The node as error messages show it (between < and >). */
export function nodeText(node: Node | Operand | Command): string {
  switch (node.type) {
    case 'pipe': {
      const names = node.decl.map((variable) => variable.path[0]).join(', ')
      const head = node.decl.length > 0 ? `${names} ${node.assign ? '=' : ':='} ` : ''
      return head + node.commands.map(nodeText).join(' | ')
    }
    case 'command':
      return node.args.map((arg) => (arg.type === 'pipe' ? `(${nodeText(arg)})` : nodeText(arg))).join(' ')
    case 'field':
      return node.path.map((name) => `.${name}`).join('')
    case 'variable':
      return node.path.join('.')
    case 'chain': {
      const head = node.node.type === 'pipe' ? `(${nodeText(node.node)})` : nodeText(node.node)
      return head + node.path.map((name) => `.${name}`).join('')
    }
    case 'identifier':
      return node.name
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'bool':
      return String(node.value)
    case 'number':
      return node.text
    case 'string':
      return node.literal
    case 'text':
      return node.text
    case 'action':
      return `{{${nodeText(node.pipe)}}}`
    case 'template':
      return `{{template ${JSON.stringify(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ''}}}`
    case 'break':
    case 'continue':
      return `{{${node.type}}}`
    default: {
      const rest = node.elseList ? `{{else}}${node.elseList.map(nodeText).join('')}` : ''
      return `{{${node.type} ${nodeText(node.pipe)}}}${node.list.map(nodeText).join('')}${rest}{{end}}`
    }
  }
}
