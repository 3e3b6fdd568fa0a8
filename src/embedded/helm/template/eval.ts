/** Executes a parsed template against data (text/template's exec, with missingkey=zero as Helm sets it). */
import { sprint } from '../go/format.ts'
import { quote } from '../go/strconv.ts'
import type { ParamType } from '../go/value.ts'
import { type Func, methodOf, Struct, truth, typeOf, zeroOfElement } from '../go/value.ts'
import { ArgumentError, fitLiteral, fitNil, fitValue, idealConstant } from './args.ts'
import {
  type Command,
  type List,
  type Node,
  nodeText,
  type Operand,
  type Pipeline,
  type Range,
  type Tree,
} from './ast.ts'
import { execError, FuncError, TemplateError } from './errors.ts'
import { readField } from './fields.ts'
import { rangeOver } from './range.ts'
import type { Scope } from './scope.ts'
import { AND, OR } from './short-circuit.ts'
import { type Binding, Variables } from './variables.ts'

/** No value came down the pipeline, which is not the same as nil having come. */
const MISSING = Symbol('missing')
const BREAK = 1
const CONTINUE = 2
type Signal = 0 | typeof BREAK | typeof CONTINUE

/** Runs the template and returns its output. Throws a TemplateError. */
export function execute(scope: Scope, tree: Tree, data: unknown): string {
  const execution = new Execution(scope, tree, data)
  execution.run(data)
  return execution.out.text
}

class Execution {
  readonly out: { text: string }
  readonly #scope: Scope
  readonly #tree: Tree
  readonly #vars: Variables
  #node: Node | Operand | Command | undefined
  #dotType: string | undefined

  constructor(scope: Scope, tree: Tree, data: unknown, out = { text: '' }) {
    this.#scope = scope
    this.#tree = tree
    this.#vars = new Variables({ name: '$', value: data })
    this.out = out
  }

  run(dot: unknown): void {
    this.#walk(dot === null ? undefined : dot, this.#tree.root)
  }

  #fail(message: string, cause?: unknown): never {
    throw execError(this.#tree, this.#node ?? { type: 'text', pos: 0, text: '' }, message, cause)
  }

  /** Runs an argument conversion; its error is placed at the current node. */
  #fit<T>(convert: () => T): T {
    try {
      return convert()
    } catch (error) {
      if (error instanceof ArgumentError) this.#fail(error.message)
      throw error
    }
  }

  #walk(dot: unknown, list: List): Signal {
    for (const node of list) {
      const signal = this.#walkNode(dot, node)
      if (signal !== 0) return signal
    }
    return 0
  }

  #walkNode(dot: unknown, node: Node): Signal {
    this.#node = node
    switch (node.type) {
      case 'text':
        this.out.text += node.text
        return 0
      case 'action': {
        const value = this.#pipeline(dot, node.pipe)
        if (node.pipe.decl.length === 0) this.#print(node, value)
        return 0
      }
      case 'if':
      case 'with': {
        const mark = this.#vars.size
        const value = this.#pipeline(dot, node.pipe)
        let signal: Signal = 0
        if (truth(value)) {
          signal =
            node.type === 'with' ? this.#walkWithDot(value, undefined, node.list) : this.#walk(dot, node.list)
        } else if (node.elseList) {
          signal = this.#walk(dot, node.elseList)
        }
        this.#vars.cut(mark)
        return signal
      }
      case 'range':
        return this.#walkRange(dot, node)
      case 'template': {
        const tree = this.#scope.lookup(node.name)
        if (!tree) this.#fail(`template ${quote(node.name)} not defined`)
        const data = node.pipe ? this.#pipeline(dot, node.pipe) : undefined
        new Execution(this.#scope, tree, data, this.out).run(data)
        return 0
      }
      case 'break':
        return BREAK
      case 'continue':
        return CONTINUE
    }
  }

  #walkWithDot(dot: unknown, type: string | undefined, list: List): Signal {
    const saved = this.#dotType
    this.#dotType = type
    const signal = this.#walk(dot, list)
    this.#dotType = saved
    return signal
  }

  #print(node: Node, value: unknown): void {
    this.#node = node
    if (typeof value === 'string') this.out.text += value
    else if (value === undefined) this.out.text += '<no value>'
    else if (typeof value === 'function') this.#fail(`can't print ${nodeText(node)} of type ${typeOf(value)}`)
    else if (value instanceof Struct && value.pointerStringer) this.out.text += value.pointerStringer()
    else this.out.text += sprint([value])
  }

  #walkRange(dot: unknown, node: Range): Signal {
    const base = this.#vars.size
    const value = this.#pipeline(dot, node.pipe)
    const { decl, assign } = node.pipe
    const mark = this.#vars.size
    let ran = false
    /** True when the loop must end. */
    const iterate = (index: unknown, element: unknown, type: string | undefined): boolean => {
      ran = true
      if (decl.length > 0) {
        const names = decl.map((variable) => variable.path[0] ?? '')
        const values = decl.length > 1 ? [index, element] : [element]
        values.forEach((bound, i) => {
          const elementType = bound === element ? type : undefined
          if (assign) this.#assign(names[i] ?? '', bound, elementType)
          else
            this.#vars.replace(mark - decl.length + i, {
              name: names[i] ?? '',
              value: bound,
              type: elementType,
            })
        })
      }
      const signal = this.#walkWithDot(element, type, node.list)
      this.#vars.cut(mark)
      return signal === BREAK
    }
    this.#fit(() => rangeOver(value, decl.length, iterate))
    let signal: Signal = 0
    if (!ran && node.elseList) signal = this.#walk(dot, node.elseList)
    this.#vars.cut(base)
    return signal
  }

  #assign(name: string, value: unknown, type?: string): void {
    if (!this.#vars.assign({ name, value, type })) this.#fail(`undefined variable: ${name}`)
  }

  #variable(name: string): Binding {
    return this.#vars.find(name) ?? this.#fail(`undefined variable: ${name}`)
  }

  /** The pipeline's value; a nil interface becomes an invalid value, as in Go. */
  #pipeline(dot: unknown, pipe: Pipeline): unknown {
    this.#node = pipe
    let value: unknown = MISSING
    for (const command of pipe.commands) {
      value = this.#command(dot, command, value)
      if (value === null) value = undefined
    }
    for (const variable of pipe.decl) {
      const name = variable.path[0] ?? ''
      if (pipe.assign) this.#assign(name, value)
      else this.#vars.declare({ name, value })
    }
    return value
  }

  #notAFunction(command: Command, final: unknown): void {
    if (command.args.length > 1 || final !== MISSING) {
      this.#fail(`can't give argument to non-function ${nodeText(command.args[0] as Operand)}`)
    }
  }

  #command(dot: unknown, command: Command, final: unknown): unknown {
    const first = command.args[0] as Operand
    switch (first.type) {
      case 'field':
        this.#node = first
        return this.#fieldChain(dot, dot, this.#dotType, first, first.path, command.args, final)
      case 'chain':
        return this.#chain(dot, first, command.args, final)
      case 'identifier':
        return this.#function(dot, first.name, first, command, command.args, final)
      case 'pipe':
        this.#notAFunction(command, final)
        return this.#pipeline(dot, first)
      case 'variable': {
        this.#node = first
        const binding = this.#variable(first.path[0] ?? '')
        if (first.path.length > 1) {
          return this.#fieldChain(
            dot,
            binding.value,
            binding.type,
            first,
            first.path.slice(1),
            command.args,
            final,
          )
        }
        this.#notAFunction(command, final)
        return binding.value
      }
    }
    this.#node = first
    this.#notAFunction(command, final)
    switch (first.type) {
      case 'dot':
        return dot
      case 'nil':
        return this.#fail('nil is not a command')
      case 'number':
        return this.#fit(() => idealConstant(first))
      default:
        return first.value
    }
  }

  #chain(
    dot: unknown,
    node: Operand & { type: 'chain' },
    args: Operand[] | undefined,
    final: unknown,
  ): unknown {
    this.#node = node
    if (node.node.type === 'nil') this.#fail(`indirection through explicit nil in ${nodeText(node)}`)
    const receiver = this.#evaluate(dot, node.node)
    return this.#fieldChain(dot, receiver, undefined, node, node.path, args, final)
  }

  #fieldChain(
    dot: unknown,
    start: unknown,
    startType: string | undefined,
    node: Operand,
    path: string[],
    args: Operand[] | undefined,
    final: unknown,
  ): unknown {
    let receiver = start
    let type = startType
    const last = path.length - 1
    for (let i = 0; i < last; i++) {
      const container = receiver
      receiver = this.#field(dot, path[i] ?? '', node, undefined, MISSING, receiver, type)
      type = container instanceof Map && zeroOfElement(container) === null ? 'interface {}' : undefined
    }
    return this.#field(dot, path[last] ?? '', node, args, final, receiver, type)
  }

  #field(
    dot: unknown,
    name: string,
    node: Operand,
    args: Operand[] | undefined,
    final: unknown,
    receiver: unknown,
    type: string | undefined,
  ): unknown {
    if (receiver === undefined) return undefined
    if (receiver === null) this.#fail(`nil pointer evaluating interface {}.${name}`)
    const method = methodOf(receiver, name)
    if (method) return this.#call(dot, method, name, node, args, final)
    const hasArgs = (args?.length ?? 0) > 1 || final !== MISSING
    return this.#fit(() => readField(receiver, name, hasArgs, type))
  }

  #function(
    dot: unknown,
    name: string,
    node: Operand,
    callNode: Command | Operand,
    args: Operand[] | undefined,
    final: unknown,
  ): unknown {
    this.#node = node
    const found = this.#scope.func(name)
    if (!found) this.#fail(`${quote(name)} is not a defined function`)
    return this.#call(dot, found, name, callNode, args, final)
  }

  #call(
    dot: unknown,
    fn: Func,
    name: string,
    node: Command | Operand,
    nodes: Operand[] | undefined,
    final: unknown,
  ): unknown {
    const given = nodes ? nodes.slice(1) : []
    const count = given.length + (final === MISSING ? 0 : 1)
    const fixed = fn.variadic ? fn.params.length - 1 : fn.params.length
    if (fn.variadic && count < fixed) {
      this.#fail(`wrong number of args for ${name}: want at least ${fixed} got ${given.length}`)
    }
    if (!fn.variadic && count !== fixed) {
      this.#fail(`wrong number of args for ${name}: want ${fixed} got ${count}`)
    }
    if (fn === AND || fn === OR) return this.#shortCircuit(dot, fn === OR, given, final)
    const typeAt = (i: number): ParamType => fn.params[Math.min(i, fn.params.length - 1)] ?? 'interface {}'
    const args = given.map((arg, i) => this.#argument(dot, typeAt(i), arg))
    if (final !== MISSING) args.push(this.#fit(() => fitValue(final, typeAt(given.length))))
    try {
      return fn.call(...args)
    } catch (error) {
      this.#node = node
      if (error instanceof FuncError || error instanceof TemplateError) {
        this.#fail(`error calling ${name}: ${error.message}`, error)
      }
      throw error
    }
  }

  #shortCircuit(dot: unknown, or: boolean, args: Operand[], final: unknown): unknown {
    let value: unknown
    for (const arg of args) {
      value = this.#argument(dot, 'reflect.Value', arg)
      if (truth(value) === or) return value
    }
    return final === MISSING ? value : final
  }

  #argument(dot: unknown, type: ParamType, node: Operand): unknown {
    this.#node = node
    switch (node.type) {
      case 'nil':
        return this.#fit(() => fitNil(type))
      case 'bool':
      case 'number':
      case 'string':
        return this.#fit(() => fitLiteral(node, type))
      default: {
        const value = this.#evaluate(dot, node)
        return this.#fit(() => fitValue(value, type))
      }
    }
  }

  /** An operand's value where no type is asked for. */
  #evaluate(dot: unknown, node: Operand): unknown {
    this.#node = node
    switch (node.type) {
      case 'dot':
        return dot
      case 'field':
        return this.#fieldChain(dot, dot, this.#dotType, node, node.path, undefined, MISSING)
      case 'variable': {
        const binding = this.#variable(node.path[0] ?? '')
        if (node.path.length === 1) return binding.value
        return this.#fieldChain(
          dot,
          binding.value,
          binding.type,
          node,
          node.path.slice(1),
          undefined,
          MISSING,
        )
      }
      case 'pipe':
        return this.#pipeline(dot, node)
      case 'identifier':
        return this.#function(dot, node.name, node, node, undefined, MISSING)
      case 'chain':
        return this.#chain(dot, node, undefined, MISSING)
      case 'number':
        return this.#fit(() => idealConstant(node))
      case 'nil':
        return undefined
      default:
        return node.value
    }
  }
}
