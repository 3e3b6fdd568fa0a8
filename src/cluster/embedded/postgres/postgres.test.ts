/** The real Postgres: made once, kept over a stop, gone with its parent. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../../embedded/node/testing/node.ts'
import { messageOf } from '../../../lib/errors.ts'
import { run } from '../../../lib/exec.ts'
import { silentLogger } from '../../../lib/log.ts'
import { NOBODY, probeContainment } from './contain.ts'
import { startPostgres } from './start.ts'

const unavailable = await probeContainment().then(() => undefined, messageOf)
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devenv-pg-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const options = () => ({
  dataDir: join(folder, 'data'),
  cacheDir: join(folder, 'cache'),
  host: '127.0.0.1',
  database: 'hr_assist',
  user: 'team',
  password: `it's ${process.pid}`,
  log: silentLogger,
})

async function query(port: number, sql: string, password = options().password): Promise<unknown[]> {
  const { host, user, database } = options()
  const client = new pg.Client({ host, port, user, database, password })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const serversOf = (path: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(path)
    } catch {
      return false
    }
  })

describe('Postgres', { timeout: 60_000 }, () => {
  it('keeps its rows over a stop and asks for the password', async (context) => {
    if (unavailable) context.skip(unavailable)
    const first = await startPostgres(options())
    await query(first.port, 'CREATE TABLE t (n int); INSERT INTO t VALUES (7)')
    await expect(query(first.port, 'SELECT 1', 'wrong')).rejects.toThrow('password authentication failed')
    await first.stop()
    expect(serversOf(folder)).toEqual([])
    const second = await startPostgres({ ...options(), port: first.port })
    expect(second.port).toBe(first.port)
    expect(await query(second.port, 'SELECT n FROM t')).toEqual([{ n: 7 }])
    await second.stop({ discard: true })
    expect(readdirSync(folder).filter((name) => name.endsWith('.pw'))).toEqual([])
  })

  it('runs as nobody where root has no namespaces, also with data that root copied back', async (context) => {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) context.skip('only root becomes nobody')
    const first = await startPostgres({ ...options(), containment: 'nobody' })
    await query(first.port, 'CREATE TABLE t (n int); INSERT INTO t VALUES (7)')
    expect(serversOf(folder).map((pid) => statSync(`/proc/${pid}`).uid)).toContain(NOBODY)
    await first.stop()
    expect(serversOf(folder)).toEqual([])
    await run('chown', ['-R', '0:0', join(folder, 'data')])
    const second = await startPostgres({ ...options(), containment: 'nobody' })
    expect(await query(second.port, 'SELECT n FROM t')).toEqual([{ n: 7 }])
    await second.stop({ discard: true })
  })

  it('ends when its parent is killed', async (context) => {
    if (unavailable) context.skip(unavailable)
    const module = new URL('./start.ts', import.meta.url)
    const log = '{ debug() {}, info() {}, warn() {}, error() {} }'
    const script = `import { startPostgres } from ${JSON.stringify(module.href)}
      await startPostgres({ ...${JSON.stringify({ ...options(), log: undefined })}, log: ${log} })
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
    await until(() => existsSync(join(folder, 'data/postmaster.pid')) && serversOf(folder).length > 1)
    parent.kill('SIGKILL')
    await until(() => serversOf(folder).filter((pid) => Number(pid) !== parent.pid).length === 0)
  })
})
