/** What a command may touch of the outside world: streams, environment, interruption, and the global flags. */
import type { Writable } from 'node:stream'
import { styleText } from 'node:util'
import type { Command } from 'commander'
import { environmentName, validName } from '../lib/paths.ts'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Colours a text, or leaves it when colours are off. */
export type Paint = (style: Style, text: string) => string

/** A stream that may be a terminal. */
export type Output = Writable & { isTTY?: boolean; columns?: number; rows?: number }

export interface Io {
  /** Results. */
  readonly stdout: Output
  /** Progress and errors. */
  readonly stderr: Output
  readonly env: Record<string, string | undefined>
  /** The checkout: where devenv/ and seeds/ are. */
  readonly checkout: string
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
  /** The environment that the command is about: `--name`, DEVENV_NAME, or derived from the checkout. */
  name: string
  json: boolean
  quiet: boolean
  verbose: boolean
  /** Questions may be asked. */
  input: boolean
  /** `--no-color` was given. Use `paintFor`, which also knows the stream and NO_COLOR. */
  color: boolean
  /** What the process ends with when no error was thrown: for commands that pass a child's code on. */
  exitCode: number
}

/** Io with the flags' defaults. */
export function createIo(given: Pick<Io, 'stdout' | 'stderr' | 'env' | 'checkout' | 'signal'>): Io {
  return {
    ...given,
    name: given.env.DEVENV_NAME || environmentName(given.checkout),
    json: false,
    quiet: false,
    verbose: false,
    input: true,
    color: true,
    exitCode: 0,
  }
}

interface GlobalFlags {
  name?: string
  json?: boolean
  quiet?: boolean
  verbose?: boolean
  color?: boolean
  input?: boolean
}

/** Adds the global flags to a command; before its action runs they are put into `io`. */
export function globalFlags(command: Command, io: Io): Command {
  return command
    .option('--name <name>', 'the environment (default: derived from the path of this checkout)')
    .option('--json', 'print one versioned JSON object on stdout (JSON lines while watching)')
    .option('-q, --quiet', 'no progress on stderr')
    .option('--verbose', 'more detail on stderr')
    .option('--no-color', 'no colours (also: NO_COLOR=1)')
    .option('--no-input', 'never ask a question')
    .hook('preAction', (_command, acting) => applyGlobalFlags(io, acting))
}

/** Takes the flags of a command and of those above it: `devenv --json status` and `devenv status --json` are one. */
function applyGlobalFlags(io: Io, command: Command): void {
  for (let at: Command | null = command; at; at = at.parent) {
    const flags = at.opts<GlobalFlags>()
    if (flags.name !== undefined) io.name = flags.name
    io.json ||= flags.json === true
    io.quiet ||= flags.quiet === true
    io.verbose ||= flags.verbose === true
    io.color &&= flags.color !== false
    io.input &&= flags.input !== false
  }
  // Here and not where it was read, so that a wrong DEVENV_NAME is reported like a wrong --name.
  validName(io.name)
}

/** The painter for one of the streams: colours on terminals only, unless NO_COLOR or FORCE_COLOR say otherwise. */
export function paintFor(io: Io, stream: Output): Paint {
  const forced = io.env.FORCE_COLOR !== undefined && io.env.FORCE_COLOR !== '0'
  const on = io.color && !io.env.NO_COLOR && io.env.TERM !== 'dumb' && (forced || stream.isTTY === true)
  return on ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text
}

/** Prints a command's result: the object as one line of JSON with --json, else the text. */
export function printResult(io: Io, object: object, human: () => string): void {
  const text = io.json ? JSON.stringify(object) : human().replace(/\n$/, '')
  io.stdout.write(`${text}\n`)
}

/** A line of progress on stderr, unless --quiet. */
export function progress(io: Io, line: string): void {
  if (!io.quiet) io.stderr.write(`${line}\n`)
}
