/** Formulas of scalingModifiers: arithmetic, comparisons, logic, `a ? b : c` and a few functions. */

type Value = number | boolean
/** Trigger name → its value. */
export type Variables = Record<string, number>

const TOKEN = /\s*(\d+\.?\d*(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|\*\*|==|!=|<=|>=|&&|\|\||[-+*/%^<>!?:(),[\]])/y

/** Binary operators by precedence, loosest first. */
const LEVELS: Record<string, (a: Value, b: Value) => Value>[] = [
  { '||': (a, b) => truth(a) || truth(b), or: (a, b) => truth(a) || truth(b) },
  { '&&': (a, b) => truth(a) && truth(b), and: (a, b) => truth(a) && truth(b) },
  {
    '==': (a, b) => a === b,
    '!=': (a, b) => a !== b,
    '<': (a, b) => num(a) < num(b),
    '>': (a, b) => num(a) > num(b),
    '<=': (a, b) => num(a) <= num(b),
    '>=': (a, b) => num(a) >= num(b),
  },
  { '+': (a, b) => num(a) + num(b), '-': (a, b) => num(a) - num(b) },
  {
    '*': (a, b) => num(a) * num(b),
    '/': (a, b) => num(a) / num(b),
    '%': (a, b) => num(a) % num(b),
  },
  { '**': (a, b) => num(a) ** num(b), '^': (a, b) => num(a) ** num(b) },
]

const FUNCTIONS: Record<string, (...args: number[]) => number> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  round: Math.round,
  max: Math.max,
  min: Math.min,
  sum: (...values) => values.reduce((total, value) => total + value, 0),
  mean: (...values) => values.reduce((total, value) => total + value, 0) / values.length,
  int: Math.trunc,
  float: Number,
}

/** The value of a formula. Throws on syntax errors, unknown names and results that are no number. */
export function evaluateFormula(formula: string, variables: Variables): number {
  const value = new Parser(tokenize(formula), variables).parse()
  if (typeof value !== 'number') throw new Error(`formula "${formula}" is not a number`)
  return value
}

function tokenize(text: string): string[] {
  const tokens: string[] = []
  const trimmed = text.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(trimmed)
    if (!match) throw new Error(`unexpected ${JSON.stringify(trimmed.slice(at, at + 8))} in formula`)
    tokens.push(match[1]!)
  }
  return tokens
}

class Parser {
  readonly #tokens: string[]
  readonly #variables: Variables
  #at = 0

  constructor(tokens: string[], variables: Variables) {
    this.#tokens = tokens
    this.#variables = variables
  }

  parse(): Value {
    const value = this.#ternary()
    if (this.#at < this.#tokens.length) throw new Error(`unexpected ${this.#tokens[this.#at]} in formula`)
    return value
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false
    this.#at++
    return true
  }

  #expect(token: string): void {
    if (!this.#take(token))
      throw new Error(`expected ${token} in formula, got ${this.#tokens[this.#at] ?? 'end'}`)
  }

  /** Both branches are evaluated: they have no effects. */
  #ternary(): Value {
    const condition = this.#binary(0)
    if (!this.#take('?')) return condition
    const yes = this.#ternary()
    this.#expect(':')
    const no = this.#ternary()
    return truth(condition) ? yes : no
  }

  #binary(level: number): Value {
    const operators = LEVELS[level]
    if (!operators) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      const apply = operators[this.#tokens[this.#at] ?? '']
      if (!apply) return left
      this.#at++
      left = apply(left, this.#binary(level + 1))
    }
  }

  #unary(): Value {
    if (this.#take('-')) return -num(this.#unary())
    if (this.#take('+')) return num(this.#unary())
    if (this.#take('!') || this.#take('not')) return !truth(this.#unary())
    return this.#primary()
  }

  #primary(): Value {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new Error('formula ends too early')
    if (token === '(') {
      const value = this.#ternary()
      this.#expect(')')
      return value
    }
    if (/^\d/.test(token)) return Number(token)
    if (token === 'true' || token === 'false') return token === 'true'
    if (this.#take('(')) return this.#call(token)
    const value = this.#variables[token]
    if (value === undefined) throw new Error(`unknown name ${token} in formula`)
    return value
  }

  #call(name: string): Value {
    const apply = FUNCTIONS[name]
    if (!apply) throw new Error(`unknown function ${name} in formula`)
    const args: number[] = []
    const list = this.#take('[')
    const close = list ? ']' : ')'
    while (!this.#take(close)) {
      args.push(num(this.#ternary()))
      this.#take(',')
    }
    if (list) this.#expect(')')
    return apply(...args)
  }
}

function num(value: Value): number {
  if (typeof value !== 'number') throw new Error('formula: a number is needed')
  return value
}

function truth(value: Value): boolean {
  if (typeof value !== 'boolean') throw new Error('formula: a boolean is needed')
  return value
}
