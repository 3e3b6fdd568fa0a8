/** The one door to the Docker engine (dockerode): finding one that answers, and the connection to it. */
import { existsSync } from 'node:fs'
import type Docker from 'dockerode'
import { messageOf } from '../errors.ts'
import { type Candidate, engineCandidates, socketOf } from './addresses.ts'

export type Engine = Docker
export type { ContainerCreateOptions } from 'dockerode'

/** What an engine says of itself: the parts of /info and /version that decide something. */
export interface EngineInfo {
  host: string
  product: string
  ServerVersion: string
  ApiVersion: string
  OperatingSystem: string
  OSType: string
  Architecture: string
  NCPU: number
  MemTotal: number
  CgroupVersion?: string
  DockerRootDir?: string
  SecurityOptions?: string[]
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
    return env.DOCKER_HOST !== undefined || socket === undefined || existsSync(socket)
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
  return {
    engine: await connect(candidate.host, env),
    info: { ...info, ...candidate, ApiVersion: version.ApiVersion, product: productOf(info, candidate) },
  }
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

/** Engines behind one socket path differ: what they say of themselves is the better name. */
function productOf(info: { OperatingSystem?: string; Name?: string }, { product }: Candidate): string {
  const text = `${info.OperatingSystem ?? ''} ${info.Name ?? ''}`.toLowerCase()
  const known: [string, string][] = [
    ['docker desktop', 'Docker Desktop'],
    ['orbstack', 'OrbStack'],
    ['colima', 'Colima'],
    ['rancher', 'Rancher Desktop'],
    ['podman', 'Podman'],
  ]
  return known.find(([word]) => text.includes(word))?.[1] ?? (product === 'DOCKER_HOST' ? 'Docker' : product)
}
