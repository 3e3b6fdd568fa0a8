/** Paths into JSON in the gjson language: keys, escapes, wildcards, indexes, `#`, queries and some modifiers. */
import { isNumber, isObject, marshal, plainDecimal } from './json-text.ts'

/** The value at `path`, or undefined. */
export function gjsonGet(value: unknown, path: string): unknown {
  const parts = splitPath(path)
  return walk(value, parts)
}

/** A result as gjson prints it: text bare, integers as written, other numbers plain, the rest as JSON. */
export function gjsonText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (isNumber(value)) return /^-?\d+$/.test(value.rawJSON) ? value.rawJSON : plainDecimal(value.rawJSON)
  return marshal(value)
}

interface Part {
  text: string
  /** Had an escape: not a wildcard. */
  literal: boolean
  /** After `|`: applies to the whole result, not to each element of a `#` before it. */
  piped: boolean
}

function splitPath(path: string): Part[] {
  const parts: Part[] = []
  let part: Part = { text: '', literal: false, piped: false }
  let depth = 0
  for (let at = 0; at < path.length; at++) {
    const char = path[at]!
    if (char === '\\' && at + 1 < path.length && depth === 0) {
      part.text += path[++at]
      part.literal = true
    } else if ((char === '.' || char === '|') && depth === 0) {
      parts.push(part)
      part = { text: '', literal: false, piped: char === '|' }
    } else {
      if (char === '(') depth++
      if (char === ')') depth--
      part.text += char
    }
  }
  return [...parts, part]
}

function walk(value: unknown, parts: Part[]): unknown {
  const [part, ...rest] = parts
  if (!part) return value
  if (part.text.startsWith('@') && !part.literal) return walk(modify(value, part.text), rest)
  if (Array.isArray(value)) return walkArray(value, part, rest)
  if (!isObject(value)) return undefined
  const key = part.literal || !/[*?]/.test(part.text) ? part.text : matchingKey(value, part.text)
  return key !== undefined && Object.hasOwn(value, key) ? walk(value[key], rest) : undefined
}

function walkArray(list: unknown[], { text }: Part, rest: Part[]): unknown {
  if (/^\d+$/.test(text)) return walk(list[Number(text)], rest)
  if (text === '#') return rest.length === 0 || rest[0]!.piped ? walkCount(list, rest) : each(list, rest)
  const query = /^#\((.*)\)(#?)$/s.exec(text)
  if (!query) return undefined
  const found = list.filter((item) => matchesQuery(item, query[1]!))
  return query[2] ? each(found, rest) : walk(found[0], rest)
}

function walkCount(list: unknown[], rest: Part[]): unknown {
  return rest.length === 0 ? list.length : walk(list, rest)
}

/** `#.name`: the path in every element; what has none is left out. Parts after `|` see the list. */
function each(list: unknown[], rest: Part[]): unknown {
  const pipe = rest.findIndex((part) => part.piped)
  const inner = pipe < 0 ? rest : rest.slice(0, pipe)
  const results = list.map((item) => walk(item, inner)).filter((item) => item !== undefined)
  return pipe < 0 ? results : walk(results, rest.slice(pipe))
}

function matchesQuery(item: unknown, query: string): boolean {
  const parsed = /^(.*?)\s*(==|=|!=|<=|>=|<|>|!%|%)\s*(.*)$/s.exec(query)
  if (!parsed) return gjsonGet(item, query.trim()) !== undefined
  const [, path, operator, right] = parsed as unknown as [string, string, string, string]
  const found = path === '' ? item : gjsonGet(item, path.trim())
  if (found === undefined) return false
  return compare(found, operator, unquote(right.trim()))
}

const unquote = (text: string) => (/^".*"$/s.test(text) ? (JSON.parse(text) as string) : text)

function compare(found: unknown, operator: string, wanted: string): boolean {
  const text = gjsonText(found)
  const order = isNumber(found) ? Number(text) - Number(wanted) : text < wanted ? -1 : text > wanted ? 1 : 0
  switch (operator) {
    case '=':
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    default:
      return wildcard(wanted).test(text) === (operator === '%')
  }
}

function matchingKey(value: Record<string, unknown>, pattern: string): string | undefined {
  const regexp = wildcard(pattern)
  return Object.keys(value).find((key) => regexp.test(key))
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
}

function modify(value: unknown, name: string): unknown {
  switch (name) {
    case '@this':
    case '@ugly':
    case '@valid':
      return value
    case '@keys':
      return isObject(value) ? Object.keys(value) : undefined
    case '@values':
      return isObject(value) ? Object.values(value) : value
    case '@reverse':
      if (Array.isArray(value)) return [...value].reverse()
      return isObject(value) ? Object.fromEntries(Object.entries(value).reverse()) : value
    case '@flatten':
      return Array.isArray(value) ? value.flat() : value
    default:
      return undefined
  }
}
