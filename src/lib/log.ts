/** A leveled line logger. Never give it a secret. */

type Level = 'debug' | 'info' | 'warn' | 'error'

export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
  /** A logger whose lines carry `name` as their component. */
  child(name: string): Logger
}

/** Writes `time level component message key=value…` lines to `write`. */
export function lineLogger(write: (line: string) => void, component = 'devenv'): Logger {
  const emit = (level: Level) => (message: string, fields?: Record<string, unknown>) => {
    const extra = Object.entries(fields ?? {})
      .map(([key, value]) => ` ${key}=${format(value)}`)
      .join('')
    write(`${new Date().toISOString()} ${level.padEnd(5)} ${component}: ${message}${extra}\n`)
  }
  return {
    debug: emit('debug'),
    info: emit('info'),
    warn: emit('warn'),
    error: emit('error'),
    child: (name) => lineLogger(write, name),
  }
}

/** A logger that keeps nothing. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
}

function format(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message)
  return typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? 'undefined')
}
