/**
 * The supervisor's process: one per environment, detached, owner of everything that the environment runs.
 * Started with the path of its spec; says when it serves, then lives until it is told to stop.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { systemClock } from '../../lib/clock.ts'
import { DevenvError, toDevenvError } from '../../lib/errors.ts'
import { stdoutLogger } from '../../lib/log.ts'
import { controlSocket, serveControl } from './control.ts'
import { Expiry } from './expiry.ts'
import type { ControlAnswer, ControlRequest, SupervisorMessage, SupervisorSpec } from './spec.ts'

const EXIT_FAILED = 1

const spec = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as SupervisorSpec
mkdirSync(spec.cacheDir, { recursive: true, mode: 0o700 })
enableCompileCache(join(spec.cacheDir, 'compile'))
const log = stdoutLogger('supervisor')

function tell(message: SupervisorMessage): void {
  if (process.connected) process.send?.(message, () => undefined)
}

// The launcher may be gone at any time: what it started goes on.
process.on('disconnect', () => log.debug('the launcher let go'))
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
process.on('unhandledRejection', (reason) =>
  log.error(`unhandled rejection: ${reason instanceof Error ? reason.stack : reason}`),
)
process.on('uncaughtException', (error) => {
  log.error(`uncaught: ${error.stack}`)
})

try {
  const startedAt = new Date(systemClock.now())
  const { startServices } = await import('./services.ts')
  const services = await startServices(spec, log, (what) => tell({ type: 'progress', what }))
  let stopping: Promise<void> | undefined
  const stop = (discard: boolean): Promise<void> => {
    const stopped = stopping ?? services.stop(discard)
    stopping = stopped
    return stopped
  }
  const expiry = new Expiry(systemClock, () => void expire(stop, () => leave()))
  const answer = async (request: ControlRequest): Promise<ControlAnswer> => {
    if (request.verb === 'info') {
      const { user, system } = process.cpuUsage()
      return {
        ok: true,
        info: {
          ...services.ready,
          name: spec.name,
          startedAt: startedAt.toISOString(),
          rssBytes: process.memoryUsage.rss(),
          cpuMicros: user + system,
        },
      }
    }
    if (request.verb === 'expire') {
      expiry.set(request.at)
      return { ok: true }
    }
    if (request.verb === 'postgres') {
      await services.postgres
      return { ok: true }
    }
    try {
      await stop(request.discard)
      return { ok: true }
    } finally {
      // What would not end well is the asker's to hear, and no reason to stay.
      setTimeout(() => leave(), 20)
    }
  }
  const control = await serveControl(controlSocket(spec.stateDir), answer)
  const leave = () => {
    control.close()
    rmSync(controlSocket(spec.stateDir), { force: true })
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop(false).finally(leave))
  expiry.set(spec.expiresAt)
  tell({ type: 'ready', ready: services.ready })
  log.info('serving', { pid: process.pid, api: services.ready.apiPort })
} catch (thrown) {
  const error = toDevenvError(portTaken(thrown) ?? thrown)
  log.error(error.stack ?? error.message)
  tell({ type: 'failed', code: error.code, message: error.message, ...(error.fix ? { fix: error.fix } : {}) })
  setTimeout(() => process.exit(EXIT_FAILED), 50)
}

/** An address of an earlier run that somebody else listens on by now is the user's to free, not a bug. */
function portTaken(thrown: unknown): DevenvError | undefined {
  const { code, address, port } = thrown as NodeJS.ErrnoException & { address?: string; port?: number }
  if (code !== 'EADDRINUSE') return undefined
  return new DevenvError(
    'PORT_BUSY',
    `${address}:${port} belongs to this environment, but another program listens there`,
    {
      cause: thrown,
      fix: `End that program (ss -ltnp 'sport = :${port}' shows it), or npm run down and npm run up for new addresses.`,
    },
  )
}

/** `--ttl` has passed: nothing of the environment stays, its folder included. */
async function expire(stop: (discard: boolean) => Promise<void>, leave: () => void): Promise<void> {
  log.info('the time to live has passed')
  await stop(true)
  rmSync(spec.stateDir, { recursive: true, force: true })
  leave()
}
