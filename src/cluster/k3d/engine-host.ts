/** How the engine and this machine see each other: sockets, users, kernel. */
import { socketOf } from '../../lib/docker/addresses.ts'
import type { EngineInfo } from '../../lib/docker/engine.ts'
import { isVirtual } from '../../lib/docker/product.ts'

type Env = Record<string, string | undefined>

/**
 * What k3d is told of the engine. It mounts DOCKER_SOCK into its helper, /var/run/docker.sock when it is not set; the
 * engine makes a folder of a path that does not exist, and whoever starts an engine there later finds it taken.
 */
export function engineVariables(info: EngineInfo, env: Env, platform: string = process.platform): Env {
  const host = info.host.startsWith('/') ? `unix://${info.host}` : info.host
  // A virtual machine's socket is elsewhere than the one here that leads to it.
  const own = isOnThisKernel(info, platform) ? socketOf(host) : undefined
  const socket = info.socket ?? own
  return { DOCKER_HOST: host, ...(socket && !env.DOCKER_SOCK ? { DOCKER_SOCK: socket } : {}) }
}

/**
 * The user id that a container needs to read a private folder of this user: the one that its files were seen to have
 * there. Where the engine does not tell, a rootless one maps this user to its root, others keep the id.
 */
export function readerOf(
  info: Pick<EngineInfo, 'SecurityOptions'>,
  seen: number | undefined,
  uid = process.getuid?.() ?? 0,
): number {
  return seen ?? (isRootless(info) ? 0 : uid)
}

/** Whether the engine runs as an ordinary user. */
export function isRootless({ SecurityOptions }: Pick<EngineInfo, 'SecurityOptions'>): boolean {
  return SecurityOptions?.some((option) => option.startsWith('name=rootless')) === true
}

/** Kubelets have to be told that it will do. */
export function isCgroupV1({ CgroupVersion }: Pick<EngineInfo, 'CgroupVersion'>): boolean {
  return CgroupVersion === '1'
}

/** Whether the engine's disk and kernel are this machine's, so that a look here tells about them. */
export function isOnThisKernel(
  { product }: Pick<EngineInfo, 'product'>,
  platform: string = process.platform,
): boolean {
  return platform === 'linux' && !isVirtual(product)
}
