/** How a failure reads: what happened, what to do, where the log is; a bug of ours says that it is one. */
import { type DevenvError, messageOf } from '../lib/errors.ts'
import { type Io, paintFor } from './io.ts'

/** Text on stderr; with --json also one Error object on stdout. */
export function printError(error: DevenvError, io: Io): void {
  if (io.json) io.stdout.write(`${JSON.stringify(asObject(error))}\n`)
  const paint = paintFor(io, io.stderr)
  const title = error.code === 'BUG' ? 'internal error' : 'error'
  const lines = [`${paint('red', `${title}:`)} ${error.message}`]
  if (error.fix) lines.push(`  ${paint('bold', 'fix:')} ${error.fix}`)
  if (error.log) lines.push(`  ${paint('bold', 'log:')} ${error.log}`)
  if (error.code === 'BUG')
    lines.push('  This is a bug in devenv, not something that you did. --verbose prints where it happened.')
  if (io.verbose) lines.push(...causes(error))
  io.stderr.write(`${lines.join('\n')}\n`)
}

function asObject(error: DevenvError): object {
  return {
    apiVersion: 'devenv/v1',
    kind: 'Error',
    code: error.code,
    message: error.message,
    exitCode: error.exitCode,
    ...(error.fix ? { fix: error.fix } : {}),
    ...(error.log ? { log: error.log } : {}),
  }
}

function causes(error: Error): string[] {
  const lines: string[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    lines.push(cause.stack ?? messageOf(cause))
  return lines
}
