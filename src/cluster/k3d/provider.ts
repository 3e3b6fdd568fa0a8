/** k3s in the machine's Docker engine, made by the pinned k3d, with Vault, Postgres and registries beside it. */
import { join } from 'node:path'
import { readYaml } from '../../config/yaml-file.ts'
import { ENVIRONMENT_MARK, environmentMark } from '../../lib/daemon.ts'
import { ensureImage } from '../../lib/docker/images.ts'
import { messageOf } from '../../lib/errors.ts'
import { KubeClient } from '../../lib/kube/client.ts'
import { installObjects } from '../../lib/kube/install.ts'
import { ensureDir, gitRoot } from '../../lib/paths.ts'
import type { Provider, StartedCluster, Waits } from '../provider.ts'
import { serviceCredentials } from '../services/credentials.ts'
import { beside } from './beside.ts'
import { ensureK3d } from './binary.ts'
import { buildImages } from './builds.ts'
import type { Capacity } from './capacity.ts'
import { clusterState, ensureCluster, type K3d, untilServing } from './cluster.ts'
import { composeSchema, type WantedContainer, wantedContainers } from './compose.ts'
import { clusterConfig } from './config.ts'
import { ensureContainer, ensureNetwork, takenSubnets } from './containers.ts'
import { blameEngine, orEngineFailure } from './engine-failure.ts'
import { engineVariables, isCgroupV1, isRootless, readerOf } from './engine-host.ts'
import { ingressObjects } from './ingress.ts'
import { setMetricsInterval } from './metrics.ts'
import { mirrorsOf, upstreamVariables } from './mirrors.ts'
import { containerName, nodeName } from './names.ts'
import { untilNetwork } from './network.ts'
import { certificatesFile, networkOf, outdatedOutward } from './node-outward.ts'
import { freshNodeVolumes } from './node-volumes.ts'
import type { K3dOptions } from './options.ts'
import { outsideObjects } from './outside.ts'
import { buildOutward, checkOutward, outwardOf, proxyVariables } from './outward.ts'
import { type Examined, examineEngine } from './preflight.ts'
import { pullAhead } from './pull-ahead.ts'
import { untilReached } from './reach.ts'
import { removeFromEngine } from './remove.ts'
import { startedCluster } from './started-cluster.ts'
import { type EngineState, newState, publishedPorts, readState, writeState } from './state.ts'
import { untilRegistry } from './store.ts'
import { pickSubnet } from './subnet.ts'

/** Where the node has the folder with the environment's repositories. */
const NODE_REPOSITORIES = '/var/lib/devenv/git'

export function k3dProvider(options: K3dOptions): Provider {
  const { name, stateDir, env, lock } = options
  let examined: Examined | undefined
  let binary: string | undefined
  let built = new Set<string>()
  const examine = async (progress: (what: string) => void) => {
    if (!examined) {
      const state = await readState(stateDir)
      examined = await examineEngine(name, state, env, progress)
      // Offline nobody is asked whether they are trusted.
      if (!options.checkOffline) await checkOutward(Object.values(lock.mirrors), env, progress)
      const outdated =
        state &&
        (await outdatedOutward(examined.engine, { environment: name, stateDir, base: state.base, env }))
      if (outdated) progress(outdated)
      built = (await options.checkOffline?.(examined.engine, examined.capacity.size)) ?? built
    }
    binary ??= await ensureK3d(lock.tools.k3d, options.fetch)
    return { ...examined, binary }
  }
  return {
    kind: 'k3d',
    operators: 'installed',
    async probe() {
      try {
        const { capacity, info } = await examine(() => undefined)
        return { available: true, reason: `${info.product} ${info.ServerVersion}; ${capacity.reason}` }
      } catch (thrown) {
        return { available: false, reason: messageOf(thrown) }
      }
    },
    async preflight(_images, progress) {
      const { capacity } = await examine(progress)
      return { size: capacity.size, builds: options.builds.some(({ image }) => !built.has(image)) }
    },
    async start(progress, signal, images) {
      const found = await examine(() => undefined)
      try {
        return await start(found, progress, signal, images)
      } catch (thrown) {
        throw signal.aborted ? thrown : await orEngineFailure(found, thrown)
      }
    },
    async blame(error) {
      return examined ? blameEngine(examined, error) : error
    },
    remove: (progress) => removeFromEngine({ name, stateDir, env }, progress),
  }

  async function start(
    { engine, info, capacity, owner, binary }: Examined & { binary: string },
    progress: (what: string) => void,
    signal: AbortSignal,
    podImages: string[],
  ): Promise<StartedCluster> {
    await ensureDir(gitRoot(stateDir))
    const state =
      (await readState(stateDir)) ??
      (await newState(info.host, pickSubnet(name, await takenSubnets(engine, name))))
    await writeState(stateDir, state)
    const { vaultRootToken, vaultReadToken } = await serviceCredentials(stateDir)
    const running = (await clusterState(engine, name)) === 'running'
    const certificates = await certificatesFile(stateDir, env, running)
    const waits = { waiting: progress, signal, offline: options.fetch.offline === true }
    await ensureNetwork(engine, name, state.base)
    const containers = await containersOf(options, state, vaultRootToken)
    const ensure = (fits: (wanted: WantedContainer) => boolean, waiting = progress) =>
      Promise.all(
        containers.filter(fits).map((wanted) => ensureContainer(engine, wanted, name, { ...waits, waiting })),
      )
    const isRegistry = ({ service }: WantedContainer) =>
      service === 'registry' || service.startsWith('mirror-')
    const k3d: K3d = {
      binary,
      env: {
        ...engineVariables(info, env),
        // k3d leaves a copy of its config behind: there it goes with the environment.
        TMPDIR: stateDir,
        [ENVIRONMENT_MARK]: environmentMark(name, stateDir),
        LOG_COLORS: 'false',
        K3D_IMAGE_TOOLS: lock.images.k3dTools,
      },
    }
    const kubeconfig = join(stateDir, 'kubeconfig')
    // What this machine builds comes to the registry later.
    const isPulled = (image: string) => !options.builds.some((build) => build.image === image)
    const made = async () => {
      // k3d would pull them too, without a word of how far it is.
      await Promise.all(
        [lock.images.k3s, lock.images.k3dTools].map((image) => ensureImage(engine, image, waits)),
      )
      const absent = (await clusterState(engine, name)) === 'absent'
      const config = clusterConfig({
        environment: name,
        image: lock.images.k3s,
        size: capacity.size,
        cgroupV1: isCgroupV1(info),
        rootless: isRootless(info),
        hpaSyncPeriodSeconds: options.hpaSyncPeriodSeconds,
        apiPort: state.apiPort,
        nodePorts: publishedPorts(state, capacity.size),
        repositories: { host: gitRoot(stateDir), node: NODE_REPOSITORIES },
        volumes: absent ? await freshNodeVolumes(engine, name, lock.images.k3s) : [],
        mirrors: mirrorsOf(state.base),
        offline: options.fetch.offline === true,
        proxies: proxyVariables(env, [networkOf(state.base)]),
        certificates,
      })
      const found = { engine, info }
      await untilReached(found, containerName(name, 'registry'), state.registryPort, waits)
      if (absent) {
        const system = lock.systemImages[capacity.size]
        const ahead = [...new Set([...system, ...podImages])].filter(isPulled)
        void pullAhead(engine, nodeName(name), ahead, signal)
      }
      await ensureCluster(engine, k3d, { environment: name, stateDir, config }, waits)
    }
    // Nodes ask the registries as soon as they start; the rest is not in their way.
    await ensure(isRegistry)
    const registry = `127.0.0.1:${state.registryPort}`
    const background = (work: (waits: Waits) => Promise<unknown>) =>
      beside(signal, (waits) =>
        work(waits).catch(async (thrown) => {
          throw signal.aborted ? thrown : await orEngineFailure({ info }, thrown)
        }),
      )
    const images = background(async ({ waiting }) => {
      await untilRegistry(registry, waiting, signal)
      const builds = options.builds.filter(({ image }) => !built.has(image))
      await buildImages(builds, {
        engine,
        environment: name,
        checkout: options.checkout,
        registry,
        outward: await buildOutward(env),
        signal,
        waiting,
      })
    })
    const services = background(({ waiting }) => ensure((wanted) => !isRegistry(wanted), waiting))
    // k3d has things to do yet when the API serves already.
    let isMade = false
    const k3s = background(async () => {
      await made()
      isMade = true
    })
    const given = { environment: name, path: kubeconfig, isMade: () => isMade }
    const serving = untilServing(engine, k3d, given, waits)
    // What can never become whole is not made any further.
    const kubernetes = await Promise.race([serving, k3s.failed, images.failed, services.failed])
    const { size } = capacity
    const user = readerOf(info, owner)
    const pods = background((waits) =>
      withKube(kubeconfig, async (kube) => {
        await untilNetwork(kube, name, waits)
        await installOutside(options, { state, size, user, kube }, waits)
        await k3s(waits)
      }),
    )
    const metrics = background((waits) =>
      withKube(kubeconfig, (kube) => setMetricsInterval(kube, options.metricsIntervalSeconds, waits)),
    )
    return startedCluster(options, state, {
      size,
      kubernetes,
      kubeconfig,
      vaultRootToken,
      vaultReadToken,
      services,
      images,
      pods,
      metrics,
    })
  }
}

async function containersOf(options: K3dOptions, state: EngineState, vaultRootToken: string) {
  const { checkout, lock, name, postgres } = options
  const compose = await readYaml(join(checkout, 'compose', 'compose.yaml'), composeSchema, checkout)
  const variables = {
    BASE: state.base,
    VAULT_IMAGE: lock.images.vault,
    VAULT_PORT: String(state.vaultPort),
    VAULT_ROOT_TOKEN: vaultRootToken,
    POSTGRES_IMAGE: lock.images.postgres,
    POSTGRES_PORT: String(state.postgresPort),
    POSTGRES_USER: postgres.user,
    POSTGRES_PASSWORD: postgres.password,
    POSTGRES_DB: postgres.database,
    REGISTRY_IMAGE: lock.images.registry,
    REGISTRY_PORT: String(state.registryPort),
    ...upstreamVariables(lock.mirrors, options.fetch.offline),
  }
  return wantedContainers(compose, name, variables, await outwardOf(options.env))
}

async function withKube(kubeconfig: string, act: (kube: KubeClient) => Promise<void>): Promise<void> {
  const kube = await KubeClient.fromFile(kubeconfig)
  try {
    await act(kube)
  } finally {
    kube.close()
  }
}

function installOutside(
  { name, repository, lock }: K3dOptions,
  given: { state: EngineState; size: Capacity['size']; user: number; kube: KubeClient },
  waits: Waits,
): Promise<void> {
  const { state, size, user, kube } = given
  const git = { ...repository, image: lock.images.git, host: { path: NODE_REPOSITORIES, user } }
  const objects = [
    ...outsideObjects({ environment: name, base: state.base, git }),
    ...(size === 'full' ? ingressObjects(name) : []),
  ]
  return installObjects(kube, objects, { title: 'services', environment: name, ...waits })
}
