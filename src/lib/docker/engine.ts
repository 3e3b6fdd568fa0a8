/** The one door to the Docker engine (dockerode): finding one that answers, and the connection to it. */
import { existsSync } from 'node:fs'
import type Docker from 'dockerode'
import { messageOf } from '../errors.ts'
import { type Candidate, engineCandidates, socketOf } from './addresses.ts'
import { type NamedVersion, productOf } from './product.ts'

export type Engine = Docker
export type { ContainerCreateOptions, ImagePushOptions } from 'dockerode'

/** What an engine says of itself: the parts of /info and /version that decide something. */
export interface EngineInfo {
  host: string
  product: string
  ServerVersion: string
  ApiVersion: string
  OperatingSystem: string
  OSType: string
  Architecture: string
  /** The host name of the machine that it runs on. */
  Name?: string
  NCPU: number
  MemTotal: number
  CgroupVersion?: string
  /** Which limits it can set: what a rootless one was handed of the system's cgroups. */
  MemoryLimit?: boolean
  CpuCfsQuota?: boolean
  CPUSet?: boolean
  PidsLimit?: boolean
  DockerRootDir?: string
  /** What time it is there (RFC 3339). */
  SystemTime?: string
  SecurityOptions?: string[]
  /** Where the engine itself has its socket, on its own machine; only Podman tells. */
  socket?: string
  /** The cgroup controllers that Podman was handed; it says true to every limit above, whatever it was. */
  controllers?: string[]
  /** The engine's own, which it pulls through. */
  HttpsProxy?: string
}

export interface FoundEngine {
  engine: Engine
  info: EngineInfo
}

const PROBE_TIMEOUT_MS = 1500

/**
 * Asks the candidates in their order; the first that answers is taken. Never throws: without an engine the
 * answer says what was tried. Takes no time when no socket exists.
 */
export async function findEngine(
  env: Record<string, string | undefined> = process.env,
): Promise<FoundEngine | { absent: string }> {
  const candidates = engineCandidates(env).filter(({ host }) => {
    const socket = socketOf(host)
    return Boolean(env.DOCKER_HOST) || socket === undefined || existsSync(socket)
  })
  if (candidates.length === 0)
    return { absent: 'no Docker engine: DOCKER_HOST is not set and no engine socket exists' }
  const refused: string[] = []
  for (const candidate of candidates) {
    try {
      return await ask(candidate, env)
    } catch (thrown) {
      refused.push(`${candidate.host}: ${messageOf(thrown)}`)
    }
  }
  return { absent: `no Docker engine answers (${refused.join('; ')})` }
}

async function ask(candidate: Candidate, env: Record<string, string | undefined>): Promise<FoundEngine> {
  const probe = await connect(candidate.host, env, PROBE_TIMEOUT_MS)
  const [info, version] = await Promise.all([probe.info(), probe.version()])
  const product = productOf(info, version as NamedVersion, candidate.product)
  const own = product === 'Podman' ? await askPodman(probe) : {}
  return {
    engine: await connect(candidate.host, env),
    info: {
      ...info,
      host: candidate.host,
      product,
      ApiVersion: version.ApiVersion,
      ...own,
    },
  }
}

interface LibpodInfo {
  host?: { remoteSocket?: { path?: string }; cgroupControllers?: string[] | null }
}

/** From Podman's own API beside Docker's; empty where it does not tell. */
function askPodman(probe: Engine): Promise<Pick<EngineInfo, 'socket' | 'controllers'>> {
  const options = { path: '/v4.0.0/libpod/info', method: 'GET', statusCodes: { 200: true } }
  return new Promise((resolve) => {
    probe.modem.dial(options, (_error, data) => {
      const { remoteSocket, cgroupControllers } = (data as LibpodInfo | null)?.host ?? {}
      resolve({
        ...(remoteSocket?.path ? { socket: remoteSocket.path.replace(/^unix:\/\//, '') } : {}),
        ...(cgroupControllers ? { controllers: cgroupControllers } : {}),
      })
    })
  })
}

async function connect(
  host: string,
  env: Record<string, string | undefined>,
  timeout?: number,
): Promise<Engine> {
  const { default: Client } = await import('dockerode')
  const limit = timeout === undefined ? {} : { timeout }
  const socketPath = socketOf(host) ?? (host.startsWith('/') ? host : undefined)
  if (socketPath) return new Client({ socketPath, ...limit })
  // Addresses over TCP and SSH, with TLS or not, are as the client reads them from the variable.
  const before = process.env.DOCKER_HOST
  process.env.DOCKER_HOST = env.DOCKER_HOST ?? host
  try {
    return new Client(limit)
  } finally {
    if (before === undefined) delete process.env.DOCKER_HOST
    else process.env.DOCKER_HOST = before
  }
}
