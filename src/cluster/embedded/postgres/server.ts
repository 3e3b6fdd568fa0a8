/** The postgres server process: started, watched until it is ready, ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { onlyChild } from '../../../embedded/node/process/contained-process.ts'
import { Guardian } from '../../../embedded/node/process/guardian.ts'
import { DevenvError } from '../../../lib/errors.ts'
import type { Logger } from '../../../lib/log.ts'
import type { PostgresBinaries } from './binaries.ts'
import { type Containment, contained } from './contain.ts'

export interface ServerOptions {
  dataDir: string
  host: string
  port: number
  log: Logger
  binaries: PostgresBinaries
  containment: Containment
}

const READY = /database system is ready to accept connections/
// A unix socket's path has 107 bytes on Linux, 103 on macOS; the name below the folder takes 17.
const LONGEST_SOCKET_FOLDER = 86
const STOP_GRACE_MS = 5000

/** A local database that can be made again: nothing waits for the disk. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'autovacuum_naptime=5min',
  'shared_buffers=32MB',
  'max_connections=100',
]

export class PostgresServer {
  readonly #child: ChildProcess
  readonly #containment: Containment
  readonly #guardian: Guardian | undefined
  readonly #exited: Promise<void>

  private constructor(child: ChildProcess, containment: Containment) {
    this.#child = child
    this.#containment = containment
    this.#guardian = containment === 'namespaces' ? undefined : new Guardian()
    if (child.pid) this.#guardian?.add(child.pid)
    this.#exited = new Promise((resolve) => child.once('close', () => resolve()))
  }

  /** Resolves when the server is ready; throws CHILD_FAILED with its last lines when it ends before. */
  static async start(options: ServerOptions): Promise<PostgresServer> {
    const { dataDir, host, port, binaries, containment, log } = options
    const folder = dirname(dataDir)
    const socketFolder = Buffer.byteLength(folder) <= LONGEST_SOCKET_FOLDER ? folder : ''
    const argv = [binaries.postgres, '-D', dataDir, '-h', host, '-p', String(port), '-k', socketFolder]
    const [file, ...args] = contained(containment, [
      ...argv,
      ...SETTINGS.flatMap((setting) => ['-c', setting]),
    ])
    const child = spawn(file!, args, {
      env: {
        PATH: process.env.PATH ?? '/usr/bin:/bin',
        DEVENV_ENVIRONMENT: process.env.DEVENV_ENVIRONMENT,
        ...binaries.env,
      },
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const server = new PostgresServer(child, containment)
    await ready(child, join(folder, 'postgres.log'))
    log.info('accepts connections', { port })
    return server
  }

  /** The fast shutdown, or at once. */
  async stop(discard: boolean): Promise<void> {
    const { pid } = this.#child
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const postmaster = this.#containment === 'namespaces' ? (onlyChild(pid) ?? pid) : pid
    tryKill(postmaster, discard ? 'SIGKILL' : 'SIGINT')
    const late = setTimeout(() => tryKill(postmaster, 'SIGKILL'), STOP_GRACE_MS)
    await this.#exited
    clearTimeout(late)
    this.#guardian?.[Symbol.dispose]()
  }
}

/** Follows the server's log into a file until it says that it is ready. */
function ready(child: ChildProcess, logFile: string): Promise<void> {
  const file = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  const last: string[] = []
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(new DevenvError('CHILD_FAILED', `Postgres ${why}\n${last.join('\n')}`, { log: logFile }))
    child.once('error', (error) => fail(`could not be started: ${error.message}`))
    child.once('close', (code) => {
      file.end()
      fail(`ended with exit code ${code}`)
    })
    createInterface({ input: child.stderr! }).on('line', (line) => {
      file.write(`${line}\n`)
      last.push(line)
      if (last.length > 12) last.shift()
      if (READY.test(line)) resolve()
    })
  })
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone already.
  }
}
