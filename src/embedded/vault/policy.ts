/** ACL policies: parsing Vault's policy HCL (or JSON), and what a set of policies allows on a path. */
import { badRequest } from './request.ts'

export type Capability = 'create' | 'read' | 'update' | 'patch' | 'delete' | 'list' | 'sudo' | 'deny' | 'root'

export interface PathRule {
  /** May end with `*` and hold `+` for one segment. */
  path: string
  capabilities: Capability[]
}

const CAPABILITIES: readonly string[] = [
  'create',
  'read',
  'update',
  'patch',
  'delete',
  'list',
  'sudo',
  'deny',
]
/** The old `policy = "read"` form. */
const LEGACY: Record<string, Capability[]> = {
  deny: ['deny'],
  read: ['read', 'list'],
  write: ['create', 'read', 'update', 'patch', 'delete', 'list'],
  sudo: ['create', 'read', 'update', 'patch', 'delete', 'list', 'sudo'],
}

/** The rules of a policy text. Throws VaultError 400 when it cannot be read. */
export function parsePolicy(text: string): PathRule[] {
  return text.trimStart().startsWith('{') ? parseJson(text) : parseHcl(text)
}

function parseJson(text: string): PathRule[] {
  let parsed: { path?: Record<string, RuleBody> }
  try {
    parsed = JSON.parse(text)
  } catch (thrown) {
    throw badRequest(`failed to parse policy: ${(thrown as Error).message}`)
  }
  return Object.entries(parsed.path ?? {}).map(([path, body]) => toRule(path, body))
}

interface RuleBody {
  capabilities?: string[]
  policy?: string
}

function toRule(path: string, { capabilities, policy }: RuleBody): PathRule {
  if (capabilities === undefined && policy !== undefined && LEGACY[policy]) {
    return { path: stripSlash(path), capabilities: LEGACY[policy] }
  }
  for (const capability of capabilities ?? []) {
    if (!CAPABILITIES.includes(capability)) {
      throw badRequest(`failed to parse policy: path "${path}": invalid capability "${capability}"`)
    }
  }
  return { path: stripSlash(path), capabilities: (capabilities ?? []) as Capability[] }
}

const stripSlash = (path: string) => path.replace(/^\//, '')

/** Only what policies need of HCL: `path "…" { name = value }` with strings, lists and nested blocks. */
function parseHcl(text: string): PathRule[] {
  const tokens =
    text.replace(/^\s*(#|\/\/).*$/gm, '').match(/"(?:[^"\\]|\\.)*"|[{}[\]=,]|[^\s{}[\]=,"]+/g) ?? []
  const rules: PathRule[] = []
  let at = 0
  const next = () => tokens[at++]
  const expect = (wanted: string) => {
    const got = next()
    if (got !== wanted) throw badRequest(`failed to parse policy: expected ${wanted}, got ${got ?? 'end'}`)
  }
  const string = () => {
    const token = next()
    if (!token?.startsWith('"')) throw badRequest(`failed to parse policy: expected a string, got ${token}`)
    return JSON.parse(token) as string
  }
  const value = (): unknown => {
    if (tokens[at] !== '[') return tokens[at]?.startsWith('"') ? string() : next()
    next()
    const items: string[] = []
    while (tokens[at] !== ']') {
      items.push(string())
      if (tokens[at] === ',') next()
    }
    next()
    return items
  }
  const block = (): Record<string, unknown> => {
    const body: Record<string, unknown> = {}
    expect('{')
    while (tokens[at] !== '}') {
      const name = next()
      if (name === undefined) throw badRequest('failed to parse policy: a block is not closed')
      if (tokens[at] === '=') {
        next()
        body[name] = tokens[at] === '{' ? block() : value()
      } else {
        body[name] = block()
      }
    }
    expect('}')
    return body
  }
  while (at < tokens.length) {
    expect('path')
    const path = string()
    rules.push(toRule(path, block()))
  }
  return rules
}

/**
 * What the rules allow on `path`. The most specific rule wins (sys/policies documentation of Vault); rules
 * with the same path add up, and deny beats everything.
 */
export function capabilitiesOn(rules: PathRule[], path: string): Capability[] {
  const matching = rules.filter((rule) => matches(rule.path, path))
  const best = matching.sort((a, b) => moreSpecific(b.path, a.path))[0]
  if (!best) return ['deny']
  const merged = new Set(matching.filter((rule) => rule.path === best.path).flatMap((r) => r.capabilities))
  if (merged.has('deny') || merged.size === 0) return ['deny']
  return CAPABILITIES.filter((name) => merged.has(name as Capability)) as Capability[]
}

function matches(pattern: string, path: string): boolean {
  const glob = pattern.endsWith('*')
  const escaped = (glob ? pattern.slice(0, -1) : pattern)
    .split('/')
    .map((segment) => (segment === '+' ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/')
  return new RegExp(`^${escaped}${glob ? '' : '$'}`, 's').test(path)
}

/** Above zero when `a` is more specific than `b`. */
function moreSpecific(a: string, b: string): number {
  const wildcard = (path: string) => {
    const at = path.search(/\+|\*$/)
    return at < 0 ? Number.POSITIVE_INFINITY : at
  }
  const order = (path: string) => [
    wildcard(path),
    path.endsWith('*') ? 0 : 1,
    -(path.match(/\+/g)?.length ?? 0),
    path.length,
  ]
  const left = order(a)
  const right = order(b)
  for (const [index, value] of left.entries()) {
    const other = right[index]!
    if (value !== other) return value > other ? 1 : -1
  }
  return a > b ? 1 : a < b ? -1 : 0
}
