/** Memory, disk and the Docker engine of this machine. */
import type { StatsFs } from 'node:fs'
import { readFile, statfs } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { judgeEngine } from '../cluster/k3d/capacity.ts'
import { engineFix } from '../cluster/k3d/preflight.ts'
import { checkSuitable } from '../cluster/k3d/suitable.ts'
import { findEngine } from '../lib/docker/engine.ts'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { cacheDir, stateRoot } from '../lib/paths.ts'
import type { Env, Finding } from './check.ts'

const MB = 1024 * 1024
/** Broker 155 MB, supervisor 250 MB, Postgres and the pods of the stack at their peak. */
const MEMORY_NEEDED = 1_500 * MB
/** Unpacked broker, Postgres' data, logs. */
const DISK_NEEDED = 300 * MB

export async function checkMemory(): Promise<Finding> {
  const name = 'memory'
  const available = await availableMemory()
  const message = `${Math.round(available / MB)} MB available of ${Math.round(totalmem() / MB)} MB`
  if (available >= MEMORY_NEEDED) return { name, verdict: 'ok', message }
  return {
    name,
    verdict: 'limited',
    message: `${message}; with five replicas of each worker the stack takes about ${MEMORY_NEEDED / MB} MB`,
    fix: 'End programs that are not needed.',
  }
}

/** What Linux would hand out counts caches in; elsewhere only free memory is known. */
async function availableMemory(): Promise<number> {
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1]
    if (kilobytes) return Number(kilobytes) * 1024
  } catch {
    // Not Linux.
  }
  return freemem()
}

export async function checkDisk(env: Env): Promise<Finding[]> {
  return Promise.all([diskOf('disk for state', stateRoot(env)), diskOf('disk for cache', cacheDir(env))])
}

async function diskOf(name: string, path: string): Promise<Finding> {
  const fix = 'Free some space, or point DEVENV_HOME at a folder on another disk.'
  try {
    const { bavail, bsize } = await statfsOfNearest(path)
    const free = bavail * bsize
    const message = `${Math.round(free / MB)} MB free for ${path}`
    return free >= DISK_NEEDED ? { name, verdict: 'ok', message } : { name, verdict: 'missing', message, fix }
  } catch (thrown) {
    return { name, verdict: 'missing', message: `${path}: ${messageOf(thrown)}`, fix }
  }
}

async function statfsOfNearest(path: string): Promise<StatsFs> {
  try {
    return await statfs(path)
  } catch (thrown) {
    const parent = dirname(path)
    if (parent === path) throw thrown
    return statfsOfNearest(parent)
  }
}

/** Whether there is one, and whether a k3d cluster fits into it. */
export async function checkDocker(env: Env): Promise<Finding> {
  const about = { name: 'Docker engine', cluster: 'k3d' } as const
  const probe = await findEngine(env)
  if ('absent' in probe)
    return { ...about, verdict: 'missing', message: probe.absent, fix: engineFix(probe.absent, env) }
  const { product, ServerVersion, host, MemTotal, NCPU } = probe.info
  const size = `${Math.round(MemTotal / MB)} MB, ${NCPU} CPUs`
  const message = `${product} ${ServerVersion} at ${host}, ${size}`
  try {
    checkSuitable(probe.info)
    judgeEngine(probe.info)
    return { ...about, verdict: 'ok', message }
  } catch (thrown) {
    if (!(thrown instanceof DevenvError)) throw thrown
    return {
      ...about,
      verdict: 'missing',
      message: `${message}; not for k3d: ${thrown.message}`,
      ...(thrown.fix ? { fix: thrown.fix } : {}),
    }
  }
}
