/** How the engine sees this machine: where it has its own socket, and as whom containers read our folders. */
import { socketOf } from '../../lib/docker/addresses.ts'
import type { EngineInfo } from '../../lib/docker/engine.ts'

type Env = Record<string, string | undefined>

/** Engines in a virtual machine of their own on every system: the socket here only forwards to the one in there. */
const VIRTUAL = new Set(['Docker Desktop', 'OrbStack', 'Colima', 'Rancher Desktop'])

/**
 * What k3d is told of the engine. It mounts DOCKER_SOCK into its helper, /var/run/docker.sock when it is not set; the
 * engine makes a folder of a path that does not exist, and whoever starts an engine there later finds it taken.
 */
export function engineVariables(info: EngineInfo, env: Env, platform: string = process.platform): Env {
  const host = info.host.startsWith('/') ? `unix://${info.host}` : info.host
  const socket = platform === 'linux' && !VIRTUAL.has(info.product) ? socketOf(host) : undefined
  return { DOCKER_HOST: host, ...(socket && !env.DOCKER_SOCK ? { DOCKER_SOCK: socket } : {}) }
}

/**
 * The user id that a container needs to read a private folder of user `uid`: a rootless engine maps this user to
 * its root. Virtual machines show files as whoever asks.
 */
export function readerOf({ SecurityOptions = [] }: Pick<EngineInfo, 'SecurityOptions'>, uid: number): number {
  return SecurityOptions.some((option) => option.startsWith('name=rootless')) ? 0 : uid
}
