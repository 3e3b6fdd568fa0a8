/**
 * The one door to subprocesses: always an argument list, never a shell string.
 * execa is loaded on first use, because most commands start no process.
 */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { DevenvError } from './errors.ts'

export interface RunOptions {
  cwd?: string
  /** Added to this process' environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>
  /** After this many milliseconds the child gets SIGTERM, five seconds later SIGKILL. */
  timeoutMs?: number
  signal?: AbortSignal
  /** Written to the child's standard input, which is closed otherwise. */
  input?: string | Uint8Array
}

export interface RunResult {
  stdout: string
  stderr: string
  /** Milliseconds from start to end. */
  durationMs: number
}

const LAST_LINES = 12
const MAX_OUTPUT = 64 * 1024 * 1024

/**
 * Runs a program to its end and returns its output without the final newline.
 * A non-zero exit, a signal, a missing program or the timeout throw CHILD_FAILED, whose message has the
 * command as it can be pasted and the last lines of output; an abort throws INTERRUPTED.
 */
export async function run(
  command: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult> {
  const { execa } = await import('execa')
  const result = await execa(command, [...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    maxBuffer: MAX_OUTPUT,
    reject: false,
  })
  if (!result.failed) return { stdout: result.stdout, stderr: result.stderr, durationMs: result.durationMs }
  if (result.isCanceled) {
    throw new DevenvError('INTERRUPTED', `${command} was interrupted`, { cause: result })
  }
  const output = lastLines(`${result.stdout}\n${result.stderr}`, LAST_LINES)
  const how = result.timedOut
    ? `did not end within ${options.timeoutMs} ms`
    : result.exitCode !== undefined
      ? `ended with exit code ${result.exitCode}`
      : result.signal !== undefined
        ? `was ended by ${result.signal}`
        : `could not be started (${result.code ?? 'unknown error'})`
  const message = `${pasteable(command, args, options.cwd)}\n${how}${output ? `:\n${output}` : ''}`
  throw new DevenvError('CHILD_FAILED', message, { cause: result })
}

/**
 * Hands the terminal to a program and returns its exit code (128 + signal number when a signal ended it).
 * Only a program that cannot be started throws.
 */
export async function runAttached(
  command: string,
  args: readonly string[],
  options: Pick<RunOptions, 'cwd' | 'env'> = {},
): Promise<number> {
  const { execa } = await import('execa')
  const result = await execa(command, [...args], { ...options, stdio: 'inherit', reject: false })
  if (result.exitCode !== undefined) return result.exitCode
  if (result.signal !== undefined) return result.signal === 'SIGINT' ? 130 : 143
  throw new DevenvError('CHILD_FAILED', `${pasteable(command, args, options.cwd)} could not be started`, {
    cause: result,
  })
}

/** The full path of a program on PATH, or undefined. */
export function which(program: string, path: string | undefined = process.env.PATH): string | undefined {
  for (const folder of (path ?? '').split(delimiter)) {
    if (folder === '') continue
    const candidate = join(folder, program)
    try {
      accessSync(candidate, constants.X_OK)
      if (statSync(candidate).isFile()) return candidate
    } catch {
      // Not in this folder.
    }
  }
  return undefined
}

/** A command line that can be pasted into a POSIX shell. */
export function pasteable(command: string, args: readonly string[], cwd?: string): string {
  const line = [command, ...args].map(quote).join(' ')
  return cwd === undefined ? line : `(cd ${quote(cwd)} && ${line})`
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function lastLines(text: string, count: number): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => `  ${line}`)
    .join('\n')
}
