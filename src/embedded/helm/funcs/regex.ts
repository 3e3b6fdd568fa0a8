/** Sprig's regular expressions, in RE2's syntax. The engine is loaded at the first use. */
import { createRequire } from 'node:module'
import type { RE2JS } from 're2js'
import { quote } from '../go/strconv.ts'
import type { Int } from '../go/value.ts'
import { typed } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'

const load = createRequire(import.meta.url)
const compiled = new Map<string, RE2JS>()

/** A pattern in RE2's syntax. Throws a FuncError with Go's message. */
export function compileRegex(pattern: string): RE2JS {
  let regex = compiled.get(pattern)
  if (!regex) {
    const engine = (load('re2js') as typeof import('re2js')).RE2JS
    try {
      regex = engine.compile(pattern)
    } catch (error) {
      const why = (error as Error).message.replace(/^error parsing regexp: /, '')
      throw new FuncError(`error parsing regexp: ${why}`)
    }
    compiled.set(pattern, regex)
  }
  return regex
}

/** As MustCompile panics. */
function mustCompile(pattern: string): RE2JS {
  try {
    return compileRegex(pattern)
  } catch (error) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: Go backquotes no pattern that has one
    const literal = /[`\x00-\x08\x0a-\x1f\x7f]/.test(pattern) ? quote(pattern) : `\`${pattern}\``
    throw new FuncError(`regexp: Compile(${literal}): ${(error as Error).message}`)
  }
}

interface Match {
  start: number
  end: number
  groups: (string | undefined)[]
  named: Record<string, string | undefined>
}

/** Successive matches, at most `limit`; an empty match right after another match is skipped, as in Go. */
function allMatches(regex: RE2JS, text: string, limit = -1): Match[] {
  const out: Match[] = []
  const matcher = regex.matcher(text)
  let previousEnd = -1
  for (let at = 0; at <= text.length && (limit < 0 || out.length < limit); ) {
    if (!matcher.find(at)) break
    const start = matcher.start()
    const end = matcher.end()
    if (end === start && start === previousEnd) {
      at = start + charWidth(text, start)
      continue
    }
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined)
    const names = Object.keys(regex.namedGroups())
    const named = Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? undefined]))
    out.push({ start, end, groups, named })
    previousEnd = end
    at = end > start ? end : start + charWidth(text, start)
  }
  return out
}

function charWidth(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

function replaceMatches(regex: RE2JS, text: string, replacement: (match: Match) => string): string {
  let out = ''
  let at = 0
  for (const match of allMatches(regex, text)) {
    out += text.slice(at, match.start) + replacement(match)
    at = match.end
  }
  return out + text.slice(at)
}

/** Regexp.Expand: $1, ${1}, $name, ${name}, $$. An unknown name is empty. */
function expand(template: string, match: Match): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare
    if (name === undefined) return whole === '$$' ? '$' : whole
    return (/^\d+$/.test(name) ? match.groups[Number(name)] : match.named[name]) ?? ''
  })
}

function split(regex: RE2JS, text: string, limit: number): string[] {
  if (limit === 0) return []
  if (text === '' && regex.pattern() !== '') return ['']
  const out: string[] = []
  let start = 0
  let end = 0
  for (const match of allMatches(regex, text)) {
    if (limit > 0 && out.length === limit - 1) break
    end = match.start
    if (match.end !== 0) out.push(text.slice(start, end))
    start = match.end
  }
  if (end !== text.length) out.push(text.slice(start))
  return out
}

const stringSlice = (texts: string[]) => typed(texts, '[]string')
const num = (value: Int): number => Number(value.value)
const found = (regex: RE2JS, text: string) => allMatches(regex, text, 1)[0]?.groups[0] ?? ''

/** `regexX` panics on a bad pattern, `mustRegexX` returns the error: two messages for one function. */
function pair(name: string, signature: string, call: (regex: RE2JS, ...args: any[]) => unknown): FuncTable {
  const must = `must${name[0]?.toUpperCase()}${name.slice(1)}`
  return {
    [name]: func(signature, (pattern, ...args) => call(mustCompile(pattern), ...args)),
    [must]: func(signature, (pattern, ...args) => call(compileRegex(pattern), ...args)),
  }
}

function matches(pattern: string, text: string): boolean {
  return compileRegex(pattern).matcher(text).find()
}

export const regex: FuncTable = {
  ...pair('regexFindAll', 'string, string, int', (re, text: string, limit: Int) =>
    stringSlice(allMatches(re, text, num(limit)).map((match) => match.groups[0] ?? '')),
  ),
  ...pair('regexFind', 'string, string', found),
  ...pair('regexReplaceAll', 'string, string, string', (re, text: string, template: string) =>
    replaceMatches(re, text, (match) => expand(template, match)),
  ),
  ...pair('regexReplaceAllLiteral', 'string, string, string', (re, text: string, replacement: string) =>
    replaceMatches(re, text, () => replacement),
  ),
  ...pair('regexSplit', 'string, string, int', (re, text: string, limit: Int) =>
    stringSlice(split(re, text, num(limit))),
  ),
  regexMatch: func('string, string', (pattern, text) => {
    try {
      return matches(pattern, text)
    } catch (error) {
      if (error instanceof FuncError) return false
      throw error
    }
  }),
  mustRegexMatch: func('string, string', matches),
  regexQuoteMeta: func('string', (text: string) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
}
