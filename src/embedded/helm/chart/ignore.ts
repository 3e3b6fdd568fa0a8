/** .helmignore: which files of a chart's directory are not part of the chart. */
import { chartError } from './error.ts'
import { compileMatch } from './glob.ts'

interface Rule {
  negate: boolean
  directoryOnly: boolean
  /** Matches the path within the chart, or its last element. */
  matches: (path: string) => boolean
}

export type Ignores = (path: string, isDirectory: boolean) => boolean

/** Built into Helm: hidden files under templates/. */
const DEFAULTS = ['templates/.?*']

function parseRule(line: string): Rule | undefined {
  let text = line.trim()
  if (text === '' || text.startsWith('#')) return undefined
  if (text.includes('**')) throw chartError('double-star (**) syntax is not supported')
  const negate = text.startsWith('!')
  if (negate) text = text.slice(1)
  const directoryOnly = text.endsWith('/')
  if (directoryOnly) text = text.slice(0, -1)
  const wholePath = text.includes('/')
  const pattern = compileMatch(text.replace(/^\//, ''))
  if (!pattern) throw chartError(`syntax error in pattern: ${line}`)
  return {
    negate,
    directoryOnly,
    matches: (path) => pattern.test(wholePath ? path : (path.split('/').pop() ?? '')),
  }
}

export function parseIgnore(text: string): Ignores {
  const rules = [...text.split('\n'), ...DEFAULTS].map(parseRule).filter((rule) => rule !== undefined)
  return (path, isDirectory) => {
    for (const rule of rules) {
      if (rule.negate) {
        // A negated rule ignores all that it does not match.
        if ((rule.directoryOnly && !isDirectory) || !rule.matches(path)) return true
      } else if ((!rule.directoryOnly || isDirectory) && rule.matches(path)) {
        return true
      }
    }
    return false
  }
}
