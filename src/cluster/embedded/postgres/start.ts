/** Makes a database cluster on first use and runs its server as a child that ends with this process. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from '../../../lib/exec.ts'
import { freePorts } from '../../../lib/free-ports.ts'
import type { Logger } from '../../../lib/log.ts'
import { type PostgresBinaries, postgresBinaries } from './binaries.ts'
import { type Containment, contained, NOBODY, probeContainment } from './contain.ts'
import { createDatabase } from './create-database.ts'
import { PostgresServer } from './server.ts'

export interface PostgresOptions {
  /** The cluster's folder: made when missing, kept by `stop`. */
  dataDir: string
  /** For links to libraries, where the package lacks them. */
  cacheDir: string
  /** Absent or 0: a free one. */
  port?: number
  /** The address to listen on. */
  host: string
  database: string
  /** The superuser. */
  user: string
  password: string
  /** Absent: the best that works here. */
  containment?: Containment
  log: Logger
}

export interface RunningPostgres extends AsyncDisposable {
  host: string
  port: number
  /** Ends the server; `discard` does not wait for a clean end. */
  stop(options?: { discard?: boolean }): Promise<void>
}

/** Resolves when the database accepts connections. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const binaries = postgresBinaries(options.cacheDir)
  const containment = options.containment ?? (await probeContainment())
  const port = options.port || (await freePorts(1))[0]!
  const made = existsSync(join(options.dataDir, 'PG_VERSION'))
  if (!made) await initialise(options, binaries, containment)
  else if (containment === 'nobody') await giveToNobody(options.dataDir)
  const server = await PostgresServer.start({ ...options, port, binaries, containment })
  const stop = ({ discard = false } = {}) => server.stop(discard)
  try {
    if (!made) await createDatabase({ ...options, port })
  } catch (thrown) {
    await stop({ discard: true })
    throw thrown
  }
  return { host: options.host, port, stop, [Symbol.asyncDispose]: () => stop() }
}

/** A data folder that was copied back by root is root's, and Postgres insists on its own. */
async function giveToNobody(dataDir: string): Promise<void> {
  if (statSync(dataDir).uid === NOBODY) return
  await run('chown', ['-R', `${NOBODY}:${NOBODY}`, dataDir])
}

/** initdb into a folder beside the final one: a half-made cluster is never taken for a whole one. */
async function initialise(
  options: PostgresOptions,
  binaries: PostgresBinaries,
  containment: Containment,
): Promise<void> {
  const { dataDir, user, password, log } = options
  const started = performance.now()
  mkdirSync(dirname(dataDir), { recursive: true, mode: 0o700 })
  rmSync(dataDir, { recursive: true, force: true })
  const passwordFile = `${dataDir}.${randomBytes(6).toString('hex')}.pw`
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  const argv = [
    binaries.initdb,
    ...['--pgdata', dataDir, '--username', user, `--pwfile=${passwordFile}`],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    // Keeps shared memory out of /dev/shm, where a killed server would leave it.
    ...['--set', 'dynamic_shared_memory_type=mmap'],
  ]
  try {
    const [file, ...args] = contained(containment, argv)
    await run(file!, args, { env: binaries.env })
  } catch (thrown) {
    rmSync(dataDir, { recursive: true, force: true })
    throw thrown
  } finally {
    rmSync(passwordFile, { force: true })
  }
  log.info('database cluster made', { ms: Math.round(performance.now() - started) })
}
