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

/**
 * Logs to standard output for as long as the process lives. A full disk costs lines, nothing else: without a
 * listener the error would end up where uncaught errors are logged, which fails again, and so on without end.
 */
export function stdoutLogger(component: string): Logger {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  return lineLogger((line) => process.stdout.write(line), component)
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
