/** Conditions of metrics: `result >= 0.95 && len(result) > 0`. */
import { FUNCTIONS, LEVELS, nameOf, PREDICATES } from './operators.ts'
import { type Token, tokenize } from './tokens.ts'

/** A parsed expression: give it the item that `#` stands for. */
type Node = (item: unknown) => any

/** Whether the condition holds for the result. Throws on syntax errors, unknown names and wrong types. */
export function evaluateCondition(condition: string, result: unknown): boolean {
  const value = new Parser(tokenize(condition), result).parse()(undefined)
  if (typeof value === 'boolean') return value
  throw new Error(`expected bool, but got ${nameOf(value)}`)
}

class Parser {
  readonly #tokens: Token[]
  readonly #result: unknown
  #at = 0

  constructor(tokens: Token[], result: unknown) {
    this.#tokens = tokens
    this.#result = result
  }

  parse(): Node {
    const node = this.#ternary()
    const rest = this.#tokens[this.#at]
    if (rest) throw new Error(`unexpected token ${JSON.stringify(rest.text)}`)
    return node
  }

  #ternary(): Node {
    const test = this.#coalesce()
    if (!this.#take('?')) return test
    const yes = this.#ternary()
    this.#expect(':')
    const no = this.#ternary()
    return (item) => (truth(test(item)) ? yes(item) : no(item))
  }

  #coalesce(): Node {
    let left = this.#or()
    while (this.#take('??')) {
      const [first, second] = [left, this.#or()]
      left = (item) => first(item) ?? second(item)
    }
    return left
  }

  #or(): Node {
    let left = this.#and()
    while (this.#take('||', 'or')) {
      const [first, second] = [left, this.#and()]
      left = (item) => truth(first(item)) || truth(second(item))
    }
    return left
  }

  #and(): Node {
    let left = this.#binary(0)
    while (this.#take('&&', 'and')) {
      const [first, second] = [left, this.#binary(0)]
      left = (item) => truth(first(item)) && truth(second(item))
    }
    return left
  }

  #binary(level: number): Node {
    const operators = LEVELS[level]
    if (!operators) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      const negated = level === 1 && this.#peek(1) === 'in' && this.#take('not') !== undefined
      const operator = this.#take(...Object.keys(operators))
      if (!operator) return left
      const [first, second] = [left, this.#binary(level + 1)]
      const apply = operators[operator]!
      left = (item) => {
        const value = apply(first(item), second(item))
        return negated ? !value : value
      }
    }
  }

  #unary(): Node {
    if (this.#take('!', 'not')) {
      const operand = this.#unary()
      return (item) => !truth(operand(item))
    }
    if (this.#take('-')) {
      const operand = this.#unary()
      return (item) => -operand(item)
    }
    return this.#postfix(this.#primary())
  }

  #postfix(start: Node): Node {
    let node = start
    for (;;) {
      const base = node
      if (this.#take('.', '?.')) {
        const name = this.#next().text
        node = (item) => base(item)?.[name]
      } else if (this.#take('[')) {
        const index = this.#ternary()
        this.#expect(']')
        node = (item) => elementOf(base(item), index(item))
      } else return node
    }
  }

  #primary(): Node {
    const token = this.#next()
    if (token.kind === 'number') return () => Number(token.text)
    if (token.kind === 'text') return () => token.text
    if (token.kind === 'name') return this.#named(token.text)
    if (token.text === '#') return (item) => item
    if (token.text === '(') {
      const inner = this.#ternary()
      this.#expect(')')
      return inner
    }
    if (token.text === '[') {
      const items = this.#list(']')
      return (item) => items.map((each) => each(item))
    }
    throw new Error(`unexpected token ${JSON.stringify(token.text)}`)
  }

  #named(name: string): Node {
    if (name === 'true' || name === 'false') return () => name === 'true'
    if (name === 'nil') return () => null
    if (name === 'result') return () => this.#result
    if (!this.#take('(')) throw new Error(`unknown name ${name}`)
    const predicate = PREDICATES[name]
    if (predicate) return this.#predicate(predicate)
    const args = this.#list(')')
    const call = this.#functions()[name]
    if (!call) throw new Error(`unknown name ${name}`)
    return (item) => call(...args.map((arg) => arg(item)))
  }

  #predicate(apply: (list: any[], holds: (item: unknown) => boolean) => unknown): Node {
    const list = this.#ternary()
    this.#expect(',')
    const braced = this.#take('{')
    const holds = this.#ternary()
    if (braced) this.#expect('}')
    this.#expect(')')
    return (item) => apply(list(item), (each) => truth(holds(each)))
  }

  #functions(): Record<string, (...args: any[]) => unknown> {
    const missing = (value: unknown) => value === null || value === undefined
    return {
      ...FUNCTIONS,
      isNil: (value) => missing(value),
      default: (value, fallback) => (missing(value) ? fallback : value),
    }
  }

  #list(end: string): Node[] {
    const items: Node[] = []
    if (this.#take(end)) return items
    do items.push(this.#ternary())
    while (this.#take(','))
    this.#expect(end)
    return items
  }

  #peek(ahead = 0): string | undefined {
    const token = this.#tokens[this.#at + ahead]
    return token?.kind === 'text' || token?.kind === 'number' ? undefined : token?.text
  }

  #take(...wanted: string[]): string | undefined {
    const text = this.#peek()
    if (text === undefined || !wanted.includes(text)) return undefined
    this.#at++
    return text
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw new Error(`expected ${JSON.stringify(sign)}`)
  }

  #next(): Token {
    const token = this.#tokens[this.#at++]
    if (!token) throw new Error('unexpected end of expression')
    return token
  }
}

function truth(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new Error(`expected bool, but got ${nameOf(value)}`)
}

function elementOf(value: any, index: any): unknown {
  if (!Array.isArray(value)) return value?.[index]
  if (index < -value.length || index >= value.length) {
    throw new Error(`index out of range: ${index} (array length is ${value.length})`)
  }
  return value.at(index)
}
