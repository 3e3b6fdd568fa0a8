/** The JSONPath of printer columns: `.a.b`, `['a.b']`, `[0]`, `[*]`, `[?(@.type=="Ready")]`. */

interface Filter {
  path: Step[]
  operator: string
  value: unknown
}

type Step = { name: string } | { position: number } | { all: true } | Filter

const parsed = new Map<string, Step[]>()

/** The values that `path` finds in `root`, in document order. */
export function findValues(path: string, root: unknown): unknown[] {
  let steps = parsed.get(path)
  if (!steps) {
    steps = parse(path)
    parsed.set(path, steps)
  }
  return follow(steps, root)
}

function follow(steps: Step[], root: unknown): unknown[] {
  let found = [root]
  for (const step of steps) found = found.flatMap((value) => take(step, value))
  return found.filter((value) => value !== undefined)
}

function take(step: Step, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if ('name' in step) return Array.isArray(value) ? [] : [(value as Record<string, unknown>)[step.name]]
  if ('position' in step) return Array.isArray(value) ? [value.at(step.position)] : []
  const items = Array.isArray(value) ? value : Object.values(value)
  return 'all' in step ? items : items.filter((item) => matches(step, item))
}

function matches({ path, operator, value }: Filter, item: unknown): boolean {
  const [found] = follow(path, item) as any[]
  switch (operator) {
    case '==':
      return found === value
    case '!=':
      return found !== value
    case '>':
      return found > (value as any)
    case '<':
      return found < (value as any)
    default:
      return found !== undefined
  }
}

const STEP =
  /\.((?:[\w$/-]|\\\.)+|\*)|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*(-?\d+)\s*\]|\[\s*(\*)\s*\]|\[\?\(@([^=!<>)\s]*)\s*(?:(==|!=|>|<)\s*([^)]+?)\s*)?\)\]/y

/** Steps of a path. What is no JSONPath ends it: such a column stays empty, as upstream leaves it. */
function parse(path: string): Step[] {
  const steps: Step[] = []
  const source = path.replace(/^\{|\}$/g, '')
  let at = 0
  while (at < source.length) {
    STEP.lastIndex = at
    const match = STEP.exec(source)
    if (!match) return [{ name: '' }]
    // Kept here, because the path within a filter is parsed with the same expression.
    at = STEP.lastIndex
    const [, word, quoted, position, star, filter, operator = '', literal] = match
    if (word === '*' || star) steps.push({ all: true })
    else if (word !== undefined) steps.push({ name: word.replaceAll('\\.', '.') })
    else if (quoted !== undefined) steps.push({ name: quoted.replaceAll('\\.', '.') })
    else if (position !== undefined) steps.push({ position: Number(position) })
    else steps.push({ path: parse(filter ?? ''), operator, value: literal && literalValue(literal) })
  }
  return steps
}

function literalValue(text: string): unknown {
  if (/^(['"]).*\1$/.test(text)) return text.slice(1, -1)
  if (text === 'true' || text === 'false') return text === 'true'
  return Number(text)
}
