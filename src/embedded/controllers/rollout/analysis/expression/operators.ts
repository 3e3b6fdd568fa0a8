/** The operators and functions of metric conditions, a part of the expr language. */

/** Binary operators by precedence, loosest first; `and` and `or` are cut short elsewhere. */
export const LEVELS: Record<string, (a: any, b: any) => unknown>[] = [
  { '==': isEqual, '!=': (a, b) => !isEqual(a, b) },
  {
    '<': (a, b) => ordered(a, b) && a < b,
    '<=': (a, b) => ordered(a, b) && a <= b,
    '>': (a, b) => ordered(a, b) && a > b,
    '>=': (a, b) => ordered(a, b) && a >= b,
    in: (a, b) => (Array.isArray(b) ? b.some((item) => isEqual(item, a)) : Object.hasOwn(b ?? {}, a)),
    contains: (a, b) => text(a).includes(text(b)),
    startsWith: (a, b) => text(a).startsWith(text(b)),
    endsWith: (a, b) => text(a).endsWith(text(b)),
    matches: (a, b) => new RegExp(text(b)).test(text(a)),
  },
  { '+': (a, b) => (typeof a === 'string' ? a + text(b) : num(a) + num(b)), '-': (a, b) => num(a) - num(b) },
  { '*': (a, b) => num(a) * num(b), '/': (a, b) => num(a) / num(b), '%': (a, b) => num(a) % num(b) },
  { '**': (a, b) => num(a) ** num(b), '^': (a, b) => num(a) ** num(b) },
]

/** Functions; those that look at the result itself are added where the result is known. */
export const FUNCTIONS: Record<string, (...args: any[]) => unknown> = {
  asInt: (value) => Math.trunc(converted(value)),
  asFloat: (value) => converted(value),
  isNaN: (value) => Number.isNaN(num(value)),
  isInf: (value) => Math.abs(num(value)) === Number.POSITIVE_INFINITY,
  len: (value) =>
    typeof value === 'object' && value !== null ? Object.keys(value).length : text(value).length,
  abs: (value) => Math.abs(num(value)),
  int: (value) => Math.trunc(converted(value)),
  float: (value) => converted(value),
}

/** Functions of a list and a predicate: `all(result, {# > 0})`. */
export const PREDICATES: Record<string, (list: any[], holds: (item: unknown) => boolean) => unknown> = {
  all: (list, holds) => list.every(holds),
  any: (list, holds) => list.some(holds),
  none: (list, holds) => !list.some(holds),
  one: (list, holds) => list.filter(holds).length === 1,
  filter: (list, holds) => list.filter(holds),
  count: (list, holds) => list.filter(holds).length,
}

function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a === 'object' && a !== null) return JSON.stringify(a) === JSON.stringify(b)
  return (a ?? null) === (b ?? null)
}

function ordered(a: unknown, b: unknown): true {
  const kind = typeof a
  if (kind === typeof b && (kind === 'number' || kind === 'string')) return true
  throw new Error(`invalid operation: < (mismatched types ${nameOf(a)} and ${nameOf(b)})`)
}

function converted(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || (Number.isNaN(number) && typeof value === 'string')) {
    throw new Error(`cannot convert ${JSON.stringify(value)} to a number`)
  }
  return number
}

function num(value: unknown): number {
  if (typeof value === 'number') return value
  throw new Error(`expected a number, but got ${nameOf(value)}`)
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new Error(`expected a string, but got ${nameOf(value)}`)
}

export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'nil'
  return Array.isArray(value) ? 'array' : typeof value
}
