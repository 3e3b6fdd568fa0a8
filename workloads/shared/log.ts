/** One JSON object a line on stdout, as log collectors in a cluster expect it. */
import type { Env } from './env.ts'

const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const
type Level = (typeof LEVELS)[number]
type Fields = Record<string, unknown>

export interface Log {
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
}

/** A log that drops what is below LOG_LEVEL (DEBUG, INFO, WARNING, ERROR; INFO when unset or unknown). */
export function createLog(env: Env, write = (line: string) => void process.stdout.write(line)): Log {
  const wanted = LEVELS.indexOf((env.LOG_LEVEL ?? '').toUpperCase() as Level)
  const lowest = wanted === -1 ? LEVELS.indexOf('INFO') : wanted
  const at = (level: Level) => (message: string, fields?: Fields) => {
    if (LEVELS.indexOf(level) < lowest) return
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`)
  }
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARNING'), error: at('ERROR') }
}

/** The message of anything thrown; connection errors of several addresses carry theirs one level down. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return reasonOf(thrown.errors[0])
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown)
}
