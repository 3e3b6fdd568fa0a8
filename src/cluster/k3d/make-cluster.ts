/** The cluster of an environment, made or started again: its image, its configuration, its volumes, and k3d. */
import { ensureImage } from '../../lib/docker/images.ts'
import { gitRoot } from '../../lib/paths.ts'
import type { Waits } from '../provider.ts'
import { clusterState, ensureCluster, type K3d } from './cluster.ts'
import { clusterConfig } from './config.ts'
import { isCgroupV1, isRootless } from './engine-host.ts'
import { mirrorsOf } from './mirrors.ts'
import { containerName, nodeName } from './names.ts'
import { certificatesFile, networkOf } from './node-outward.ts'
import { freshNodeVolumes } from './node-volumes.ts'
import type { K3dOptions } from './options.ts'
import { proxyVariables } from './outward.ts'
import type { Examined } from './preflight.ts'
import { pullAhead } from './pull-ahead.ts'
import { untilReached } from './reach.ts'
import { type EngineState, publishedPorts } from './state.ts'

/** Where the node has the folder with the environment's repositories. */
export const NODE_REPOSITORIES = '/var/lib/devenv/git'

/** Ends when k3d has. A new node pulls `podImages` meanwhile: what is not built here, in their order. */
export async function makeCluster(
  options: K3dOptions,
  given: { found: Examined; state: EngineState; k3d: K3d; podImages: string[] },
  waits: Waits,
): Promise<void> {
  const { name, stateDir, env, lock, fetch, hpaSyncPeriodSeconds } = options
  const { found, state, k3d, podImages } = given
  const { engine, info, capacity } = found
  // k3d would pull them too, without a word of how far it is.
  const own = [lock.images.k3s, lock.images.k3dTools]
  const offline = fetch.offline === true
  await Promise.all(own.map((image) => ensureImage(engine, image, { ...waits, offline })))
  const there = await clusterState(engine, name)
  const config = clusterConfig({
    environment: name,
    image: lock.images.k3s,
    size: capacity.size,
    cgroupV1: isCgroupV1(info),
    rootless: isRootless(info),
    hpaSyncPeriodSeconds,
    apiPort: state.apiPort,
    nodePorts: publishedPorts(state, capacity.size),
    repositories: { host: gitRoot(stateDir), node: NODE_REPOSITORIES },
    volumes: there === 'absent' ? await freshNodeVolumes(engine, name, lock.images.k3s) : [],
    mirrors: mirrorsOf(state.base),
    offline,
    proxies: proxyVariables(env, [networkOf(state.base)]),
    certificates: await certificatesFile(stateDir, env, there === 'running'),
  })
  await untilReached(found, containerName(name, 'registry'), state.registryPort, waits)
  if (there === 'absent') {
    const images = new Set([...lock.systemImages[capacity.size], ...podImages])
    // These come to the registry later.
    for (const { image } of options.builds) images.delete(image)
    void pullAhead(engine, nodeName(name), [...images], waits.signal)
  }
  await ensureCluster(engine, k3d, { environment: name, stateDir, config }, waits)
}
