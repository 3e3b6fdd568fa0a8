/** What git has to say for itself, without the command line and the lines that say it again. */
import { messageOf } from '../lib/errors.ts'

const REMOTE = /^\s*remote: (.*\S)\s*$/
const REJECTED = /^\s*! \[.*\] .* \((.*)\)$/
const FATAL = /^\s*(?:fatal|error): (.*)$/

/**
 * The remote's own words and git's reason, on one line: `only the release bot may push (pre-receive hook declined)`.
 * All of the message when it has neither.
 */
export function lastWords(thrown: unknown): string {
  const lines = messageOf(thrown).split('\n')
  const matches = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? [])
  const remote = matches(REMOTE).join('; ')
  const [reason] = matches(REJECTED)
  const told = [remote, reason && (remote ? `(${reason})` : reason)].filter(Boolean).join(' ')
  return told || matches(FATAL)[0] || lines.join('\n')
}
