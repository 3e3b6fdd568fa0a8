/** Two kinds of file pattern: Go's filepath.Match, and gobwas/glob as .Files.Glob uses it. */

const REGEX_SPECIAL = /[\\^$.*+?()[\]{}|]/g
const literal = (text: string) => text.replace(REGEX_SPECIAL, '\\$&')

/** filepath.Match: *, ?, [class] and backslash, none of which cross a slash. Undefined for a malformed pattern. */
export function compileMatch(pattern: string): RegExp | undefined {
  const tokens = /\*|\?|\[(\^?)((?:\\.|[^\]\\])+)\]|\\(.)|([^[\\])/suy
  let source = ''
  while (tokens.lastIndex < pattern.length) {
    const match = tokens.exec(pattern)
    if (!match) return undefined
    const [token, negated, members, escaped, plain] = match
    if (token === '*') source += '[^/]*'
    else if (token === '?') source += '[^/]'
    else if (members !== undefined) source += `[${negated}${members.replace(/[[\]^]/g, '\\$&')}]`
    else source += literal(escaped ?? plain ?? '')
  }
  return new RegExp(`^${source}$`, 'su')
}

/** gobwas/glob with / as separator: also ** across slashes and {a,b} alternatives. Malformed ones match all. */
export function compileGlob(pattern: string): RegExp {
  const tokens = /\*\*|\*|\?|\[(!?)([^\]]+)\]|\\(.)|([{},])|([^[\\])/suy
  let source = ''
  let depth = 0
  while (tokens.lastIndex < pattern.length) {
    const match = tokens.exec(pattern)
    if (!match) return /^/
    const [token, negated, members, escaped, brace, plain] = match
    if (token === '**') source += '.*'
    else if (token === '*') source += '[^/]*'
    else if (token === '?') source += '[^/]'
    else if (members !== undefined) source += `[${negated ? '^' : ''}${members.replace(/[\\[\]^]/g, '\\$&')}]`
    else if (brace === '{') {
      depth++
      source += '(?:'
    } else if (brace === '}' && depth > 0) {
      depth--
      source += ')'
    } else if (brace === ',' && depth > 0) source += '|'
    else source += literal(escaped ?? brace ?? plain ?? '')
  }
  return depth > 0 ? /^/ : new RegExp(`^${source}$`, 'su')
}
