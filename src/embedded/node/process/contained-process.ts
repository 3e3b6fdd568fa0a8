/** One started program in its container: signals reach the program itself, not the tools around it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { type Containment, containedCommand } from './command.ts'
import type { Guardian } from './guardian.ts'
import type { Tier } from './tier.ts'

export interface ExitStatus {
  /** 0–255; 128 + n for an end by signal n, as container runtimes report it. */
  exitCode: number
}

/** What unshare says, with exit code 1, when its child was killed: it cannot end itself the same way. */
const KILLED = /^unshare: .*unblock failed/m

export class ContainedProcess {
  /** Resolves when the container is set up and the program is about to run; false when it never will be. */
  readonly ready: Promise<boolean>
  /** Resolves when the program has ended and all its output was read. Never rejects. */
  readonly exited: Promise<ExitStatus>
  readonly #child: ChildProcess
  readonly #tier: Tier
  readonly #guardian: Guardian | undefined
  #inner: number | undefined
  #ended = false
  #toolErrors = ''

  constructor(
    tier: Tier,
    containment: Containment,
    env: Record<string, string>,
    guardian: Guardian | undefined,
  ) {
    const [file, ...args] = containedCommand(tier, containment)
    this.#tier = tier
    this.#guardian = guardian
    this.#child = spawn(file!, args, {
      cwd: tier === 'groups' ? containment.cwd : '/',
      env,
      // Descriptor 2 is the tools' own; 3 says that the set-up is done, 4 is the program's standard error.
      stdio: ['ignore', 'pipe', 'pipe', ...(tier === 'groups' ? [] : (['pipe', 'pipe'] as const))],
      detached: true,
    })
    if (tier !== 'groups') {
      this.#child.stderr!.on('data', (chunk) => {
        this.#toolErrors += chunk
      })
    }
    this.ready = setUp(this.#child, this.#child.stdio[3] as Readable | undefined)
    if (tier === 'groups' && this.#child.pid) guardian?.add(this.#child.pid)
    this.exited = new Promise((resolve) => {
      this.#child.on('error', () => this.#end(resolve, 128))
      this.#child.on('exit', () => this.#sweep())
      this.#child.on('close', (code, signal) =>
        this.#end(resolve, code ?? 128 + (signal ? constants.signals[signal] : 0)),
      )
    })
  }

  #end(resolve: (status: ExitStatus) => void, exitCode: number): void {
    this.#ended = true
    resolve({ exitCode: KILLED.test(this.#toolErrors) ? 137 : exitCode })
  }

  /**
   * Ends what the program left behind in its group. A PID namespace takes its processes along, but for one that
   * `unshare` had forked and not yet tied to itself (--kill-child) when it was killed.
   */
  #sweep(): void {
    this.#ended = true
    const group = this.#child.pid
    if (group === undefined) return
    tryKill(-group, 'SIGKILL')
    if (this.#tier === 'groups') this.#guardian?.remove(group)
  }

  /** Calls `sink` with all that the program says. */
  output(sink: (stream: 'stdout' | 'stderr', chunk: Buffer) => void): void {
    this.#child.stdout!.on('data', (chunk: Buffer) => sink('stdout', chunk))
    const stderr = this.#tier === 'groups' ? this.#child.stderr! : (this.#child.stdio[4] as Readable)
    stderr.on('data', (chunk: Buffer) => sink('stderr', chunk))
  }

  /** What the tools around the program said: why a set-up failed. */
  get toolErrors(): string {
    return this.#toolErrors.trim()
  }

  /** True from the spawn until the end. */
  get alive(): boolean {
    return !this.#ended && this.#child.pid !== undefined
  }

  /** The topmost process, in the host's numbering: the root of the container's process tree. */
  get outerPid(): number | undefined {
    return this.#child.pid
  }

  /** The program's own pid in the host's numbering; undefined before its namespace exists or after the end. */
  get pid(): number | undefined {
    if (this.#ended || this.#child.pid === undefined) return undefined
    if (this.#tier === 'groups') return this.#child.pid
    this.#inner ??= onlyChild(this.#child.pid)
    return this.#inner
  }

  /** Sends a signal to the program. Answers false when there is nothing to signal. */
  signal(signal: NodeJS.Signals): boolean {
    const pid = this.pid
    if (pid !== undefined) return tryKill(pid, signal)
    return this.alive && tryKill(this.#child.pid!, 'SIGKILL')
  }

  /** Ends the whole container at once. */
  kill(): void {
    if (!this.alive) return
    if (this.#tier === 'groups') tryKill(-this.#child.pid!, 'SIGKILL')
    else tryKill(this.pid ?? this.#child.pid!, 'SIGKILL')
  }
}

/** A byte on the channel says that the container is set up; without a channel there is nothing to set up. */
function setUp(child: ChildProcess, channel: Readable | undefined): Promise<boolean> {
  if (!channel) return Promise.resolve(child.pid !== undefined)
  return new Promise((resolve) => {
    channel.once('data', () => resolve(true))
    channel.once('close', () => resolve(false))
    channel.once('error', () => resolve(false))
  })
}

/** The one child of `unshare`: the first process of the new PID namespace. */
export function onlyChild(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return children ? Number(children.split(' ')[0]) : undefined
  } catch {
    return undefined
  }
}

function tryKill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
