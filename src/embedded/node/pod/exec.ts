/** Commands inside a running container: kubectl exec, exec probes and hooks. */
import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { ExecStreams } from '../agent.ts'
import { enterCommand } from '../process/command.ts'
import { type ContainedProcess, onlyChild } from '../process/contained-process.ts'
import type { Tier } from '../process/tier.ts'

/** What a command needs of its container. */
export interface ExecPlace {
  process: ContainedProcess | undefined
  /** The container's environment. */
  env: Record<string, string>
}

/** Starts a command in the container's namespaces with its environment. Throws an Error when it does not run. */
function startCommand(tier: Tier, place: ExecPlace, argv: string[], stdin: 'pipe' | 'ignore'): ChildProcess {
  const pid = place.process?.pid
  if (pid === undefined) throw new Error('container is not running')
  const [file, ...args] = enterCommand(tier, pid, argv)
  const cwd = tier === 'groups' ? place.env.HOME : '/'
  return spawn(file!, args, { env: place.env, cwd, stdio: [stdin, 'pipe', 'pipe'] })
}

/**
 * Runs a command to its end with its output in one text, as probes and hooks want it.
 * Rejects when `signal` aborts or the command cannot be started.
 */
export async function runInContainer(
  tier: Tier,
  place: ExecPlace,
  argv: string[],
  signal: AbortSignal,
): Promise<{ exitCode: number; output: string }> {
  let output = ''
  const collect = (chunk: Buffer) => {
    output += chunk.toString('utf8')
  }
  const child = startCommand(tier, place, argv, 'ignore')
  child.stdout!.on('data', collect)
  child.stderr!.on('data', collect)
  const exitCode = await ended(tier, child, signal)
  signal.throwIfAborted()
  return { exitCode, output }
}

/** Runs a command with the caller's streams; resolves with its exit code. */
export async function attachCommand(
  tier: Tier,
  place: ExecPlace,
  argv: string[],
  streams: ExecStreams,
  signal: AbortSignal,
): Promise<number> {
  const child = startCommand(
    tier,
    place,
    streams.tty ? terminalCommand(argv) : argv,
    streams.stdin ? 'pipe' : 'ignore',
  )
  if (streams.stdin) {
    child.stdin!.on('error', () => {})
    streams.stdin.pipe(child.stdin!)
  }
  child.stdout!.on('data', (chunk) => streams.stdout?.write(chunk))
  child.stderr!.on('data', (chunk) =>
    (streams.stderr ?? (streams.tty ? streams.stdout : undefined))?.write(chunk),
  )
  return ended(tier, child, signal)
}

/** util-linux' script gives the command a terminal of its own. */
function terminalCommand(argv: string[]): string[] {
  const quoted = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  return ['script', '--quiet', '--flush', '--return', '--command', quoted, '/dev/null']
}

/** The exit code once all output is read. On abort the command is killed, not only what entered its namespace. */
function ended(tier: Tier, child: ChildProcess, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      const inner = tier === 'groups' || !child.pid ? undefined : onlyChild(child.pid)
      if (inner) process.kill(inner, 'SIGKILL')
      child.kill('SIGKILL')
    }
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    child.on('error', reject)
    child.on('close', (code, ending) => {
      signal.removeEventListener('abort', abort)
      resolve(code ?? 128 + (ending ? constants.signals[ending] : 0))
    })
  })
}
