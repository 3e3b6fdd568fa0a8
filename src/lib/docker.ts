/** The one door to the Docker engine (dockerode): which sockets an engine may answer on, and what it says of itself. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from './errors.ts'

interface EngineInfo {
  /** Where it answered: a socket path or DOCKER_HOST. */
  address: string
  version: string
  memoryBytes: number
  cpus: number
}

export type EngineProbe = { engine: EngineInfo } | { absent: string }

const PROBE_TIMEOUT_MS = 1500

/**
 * Asks, in order, DOCKER_HOST and the sockets of the usual engines. Never throws: without an engine the
 * answer says what was tried. Takes no time when no socket exists.
 */
export async function probeEngine(
  env: Record<string, string | undefined> = process.env,
): Promise<EngineProbe> {
  const host = env.DOCKER_HOST
  const addresses = host ? [host] : socketCandidates(env).filter((path) => existsSync(path))
  if (addresses.length === 0)
    return { absent: 'no Docker engine: DOCKER_HOST is not set and no engine socket exists' }
  const refused: string[] = []
  for (const address of addresses) {
    try {
      return { engine: await ask(address) }
    } catch (thrown) {
      refused.push(`${address}: ${messageOf(thrown)}`)
    }
  }
  return { absent: `no Docker engine answers (${refused.join('; ')})` }
}

/** Docker, Docker Desktop, Colima, Rancher Desktop, OrbStack, rootless Docker, Podman. */
function socketCandidates(env: Record<string, string | undefined>): string[] {
  const home = env.HOME ?? homedir()
  const runtime = env.XDG_RUNTIME_DIR
  return [
    '/var/run/docker.sock',
    join(home, '.docker', 'run', 'docker.sock'),
    join(home, '.colima', 'default', 'docker.sock'),
    join(home, '.rd', 'docker.sock'),
    join(home, '.orbstack', 'run', 'docker.sock'),
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman', 'podman.sock')] : []),
  ]
}

async function ask(address: string): Promise<EngineInfo> {
  const { default: Docker } = await import('dockerode')
  const docker = address.startsWith('/')
    ? new Docker({ socketPath: address, timeout: PROBE_TIMEOUT_MS })
    : new Docker({ timeout: PROBE_TIMEOUT_MS })
  const info = await docker.info()
  return {
    address,
    version: String(info.ServerVersion),
    memoryBytes: Number(info.MemTotal),
    cpus: Number(info.NCPU),
  }
}
