/** Starts or resumes a k3d environment: its containers, its cluster and its images, each as soon as it can begin. */
import { join } from 'node:path'
import { ENVIRONMENT_MARK, environmentMark } from '../../lib/daemon.ts'
import type { EngineInfo } from '../../lib/docker/engine.ts'
import { KubeClient } from '../../lib/kube/client.ts'
import { installObjects } from '../../lib/kube/install.ts'
import { ensureDir, gitRoot } from '../../lib/paths.ts'
import type { StartedCluster, Waits } from '../provider.ts'
import { serviceCredentials } from '../services/credentials.ts'
import { beside } from './beside.ts'
import { buildImages } from './builds.ts'
import type { Capacity } from './capacity.ts'
import { type K3d, untilServing } from './cluster.ts'
import type { WantedContainer } from './compose.ts'
import { ensureContainer, ensureNetwork, takenSubnets } from './containers.ts'
import { orEngineFailure } from './engine-failure.ts'
import { engineVariables, readerOf } from './engine-host.ts'
import { ingressObjects } from './ingress.ts'
import { makeCluster, NODE_REPOSITORIES } from './make-cluster.ts'
import { setMetricsInterval } from './metrics.ts'
import { untilNetwork } from './network.ts'
import type { K3dOptions } from './options.ts'
import { outsideObjects } from './outside.ts'
import { buildOutward } from './outward.ts'
import type { Examined } from './preflight.ts'
import { startedCluster } from './started-cluster.ts'
import { type EngineState, newState, readState, writeState } from './state.ts'
import { untilRegistry } from './store.ts'
import { pickSubnet } from './subnet.ts'
import { containersOf } from './wanted.ts'

/** What preflight found: the engine, k3d's binary, and the images that need not be built. */
export interface Found extends Examined {
  binary: string
  built: Set<string>
}

/** Ends when the API serves: the rest goes on beside what its caller does, who waits for it as it is needed. */
export async function startK3d(
  options: K3dOptions,
  found: Found,
  podImages: string[],
  { waiting, signal }: Waits,
): Promise<StartedCluster> {
  const { name, stateDir } = options
  const { engine, info, capacity, owner } = found
  await ensureDir(gitRoot(stateDir))
  const state =
    (await readState(stateDir)) ??
    (await newState(info.host, pickSubnet(name, await takenSubnets(engine, name))))
  await writeState(stateDir, state)
  const { vaultRootToken, vaultReadToken } = await serviceCredentials(stateDir)
  const waits = { waiting, signal, offline: options.fetch.offline === true }
  await ensureNetwork(engine, name, state.base)
  const containers = await containersOf(options, state, vaultRootToken)
  const ensure = (wanted: WantedContainer[], told: Waits['waiting']) =>
    Promise.all(wanted.map((one) => ensureContainer(engine, one, name, { ...waits, waiting: told })))
  // Nodes ask the registries as soon as they start; the rest is not in their way.
  const registries = containers.filter(isRegistry)
  await ensure(registries, waiting)

  const background = (work: (waits: Waits) => Promise<unknown>) =>
    beside(signal, (told) =>
      work(told).catch(async (thrown) => {
        throw signal.aborted ? thrown : await orEngineFailure({ info }, thrown)
      }),
    )
  const others = containers.filter((one) => !registries.includes(one))
  const services = background((told) => ensure(others, told.waiting))
  const images = background((told) => build(options, found, state, told))
  // k3d has things to do yet when the API serves already.
  const k3d = k3dOf(options, info, found.binary)
  let isMade = false
  const k3s = background(async () => {
    await makeCluster(options, { found, state, k3d, podImages }, waits)
    isMade = true
  })
  const kubeconfig = join(stateDir, 'kubeconfig')
  const served = { environment: name, path: kubeconfig, isMade: () => isMade }
  const serving = untilServing(engine, k3d, served, waits)
  // What can never become whole is not made any further.
  const kubernetes = await Promise.race([serving, k3s.failed, images.failed, services.failed])

  const { size } = capacity
  const user = readerOf(info, owner)
  const pods = background((told) =>
    withKube(kubeconfig, async (kube) => {
      await untilNetwork(kube, name, told)
      await installOutside(options, { state, size, user, kube }, told)
      await k3s(told)
    }),
  )
  const metrics = background((told) =>
    withKube(kubeconfig, (kube) => setMetricsInterval(kube, options.metricsIntervalSeconds, told)),
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

function isRegistry({ service }: WantedContainer): boolean {
  return service === 'registry' || service.startsWith('mirror-')
}

function k3dOf({ name, stateDir, env, lock }: K3dOptions, info: EngineInfo, binary: string): K3d {
  return {
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
}

async function build(
  { name, checkout, builds, env }: K3dOptions,
  { engine, built }: Found,
  { registryPort }: EngineState,
  { waiting, signal }: Waits,
): Promise<void> {
  const registry = `127.0.0.1:${registryPort}`
  await untilRegistry(registry, waiting, signal)
  const missing = builds.filter(({ image }) => !built.has(image))
  const outward = await buildOutward(env)
  await buildImages(missing, { engine, environment: name, checkout, registry, outward, signal, waiting })
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
