/** Coded errors: what happened, what to do, where the log is. A user's mistake and our bug print differently. */

/** Exit codes that scripts rely on. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  preflight: 3,
  leftovers: 4,
  deadline: 124,
  interrupted: 130,
  terminated: 143,
} as const

/** The closed set of codes. Each says whose turn it is: the user's (usage, config, preflight) or ours (bug). */
export type ErrorCode =
  | 'USAGE' // unknown flag, missing argument
  | 'CONFIG_INVALID' // YAML in devenv/ or a flag's value does not fit its schema
  | 'CHART_INVALID' // a template or values error; message carries template:line and the expression
  | 'PREFLIGHT' // this machine lacks something; nothing was created
  | 'PROVIDER_UNAVAILABLE' // the chosen kind of cluster cannot be had here
  | 'BROKER_MISSING' // no RabbitMQ to be had
  | 'IMAGE_UNMAPPED' // an image without a runner
  | 'PORT_BUSY'
  | 'STATE_UNWRITABLE' // state folder full, read-only or not ours
  | 'BUSY' // another devenv works on this environment
  | 'ABSENT' // no such environment
  | 'UNREACHABLE' // the environment exists, but its cluster does not answer
  | 'ENGINE_FULL' // the disk of the Docker engine has no room for what was begun
  | 'ENGINE_STOPPED' // the Docker engine went away in the middle
  | 'DOWNLOAD_FAILED' // a pinned file cannot be had: network, proxy, truncated, not in the mirror
  | 'CHECKSUM_MISMATCH' // a file is not the one that was pinned
  | 'BUNDLE_INVALID' // a bundle that is cut off, of another version or platform, or none at all
  | 'IMAGE_MISSING' // an image that no registry, store or engine has
  | 'ACCESS_DENIED' // a cluster or registry refuses what the environment needs; message lists it
  | 'CONFLICT' // something of somebody else's is where ours would be
  | 'DECLINED' // a question was answered with no, or could not be asked
  | 'STEP_FAILED' // a step of the bring-up failed
  | 'DEADLINE' // a wait passed its budget; message names object, condition, event
  | 'LEFTOVERS' // down left something behind
  | 'REPO_UNREACHABLE' // a git repository that is gone or refuses
  | 'REPO_CONFLICT' // two changes of the same lines, or two people at the same moment
  | 'MESSAGES_LOST'
  | 'INTERRUPTED'
  | 'CHILD_FAILED' // a child process ended badly; message has the command and its last output
  | 'BUG' // ours

const EXIT_OF: Record<ErrorCode, number> = {
  USAGE: EXIT.usage,
  CONFIG_INVALID: EXIT.usage,
  CHART_INVALID: EXIT.usage,
  PREFLIGHT: EXIT.preflight,
  PROVIDER_UNAVAILABLE: EXIT.preflight,
  BROKER_MISSING: EXIT.preflight,
  IMAGE_UNMAPPED: EXIT.preflight,
  PORT_BUSY: EXIT.preflight,
  STATE_UNWRITABLE: EXIT.preflight,
  DOWNLOAD_FAILED: EXIT.preflight,
  CHECKSUM_MISMATCH: EXIT.preflight,
  BUNDLE_INVALID: EXIT.preflight,
  IMAGE_MISSING: EXIT.preflight,
  ACCESS_DENIED: EXIT.preflight,
  CONFLICT: EXIT.preflight,
  DECLINED: EXIT.preflight,
  BUSY: EXIT.failed,
  ABSENT: EXIT.failed,
  UNREACHABLE: EXIT.failed,
  ENGINE_FULL: EXIT.failed,
  ENGINE_STOPPED: EXIT.failed,
  STEP_FAILED: EXIT.failed,
  DEADLINE: EXIT.deadline,
  LEFTOVERS: EXIT.leftovers,
  REPO_UNREACHABLE: EXIT.preflight,
  REPO_CONFLICT: EXIT.failed,
  MESSAGES_LOST: EXIT.failed,
  INTERRUPTED: EXIT.interrupted,
  CHILD_FAILED: EXIT.failed,
  BUG: EXIT.failed,
}

export interface ErrorDetails {
  /** What the reader can do about it, as a sentence or an exact command. */
  fix?: string
  /** Path of the log that has the rest. */
  log?: string
  cause?: unknown
  exitCode?: number
  /** The object that it is about: who tells of the failure looks closer at it. */
  about?: ObjectRef
}

/** An object of the cluster, by its name. */
export interface ObjectRef {
  kind: string
  namespace: string
  name: string
}

/** Every error that devenv throws on purpose. Tests and callers match on `code`, never on text. */
export class DevenvError extends Error {
  override readonly name = 'DevenvError'
  readonly code: ErrorCode
  readonly exitCode: number
  readonly fix: string | undefined
  readonly log: string | undefined
  readonly about: ObjectRef | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.exitCode = details.exitCode ?? EXIT_OF[code]
    this.fix = details.fix
    this.log = details.log
    this.about = details.about
  }
}

interface Retelling {
  message?: string
  fix?: string | undefined
  log?: string | undefined
}

/** The same failure with more to tell; what is not given stays as it was. */
export function retold(
  error: DevenvError,
  { message = error.message, fix = error.fix, log = error.log }: Retelling,
): DevenvError {
  const { code, exitCode, about } = error
  return new DevenvError(code, message, {
    cause: error.cause ?? error,
    exitCode,
    ...(fix === undefined ? {} : { fix }),
    ...(log === undefined ? {} : { log }),
    ...(about === undefined ? {} : { about }),
  })
}

/** Wraps whatever was thrown: a DevenvError stays, anything else is our bug and says so. */
export function toDevenvError(thrown: unknown): DevenvError {
  const first = firstOf(thrown)
  if (first instanceof DevenvError) return first
  const message = first instanceof Error ? first.message : String(first)
  return new DevenvError('BUG', message, { cause: thrown })
}

/** What went wrong first, where taking things away after it failed too. */
export function firstOf(thrown: unknown): unknown {
  return thrown instanceof SuppressedError ? firstOf(thrown.suppressed) : thrown
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
