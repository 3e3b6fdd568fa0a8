/** The mirrors' stores without an environment: each opened as a plain registry on this machine, for as long as it is used. */
import type { Engine } from '../../lib/docker/engine.ts'
import { ensureImage, isMissing, orMissing } from '../../lib/docker/images.ts'
import { RegistryClient } from '../../lib/registry/client.ts'
import { waitFor } from '../../lib/wait.ts'
import { ensureVolume } from './containers.ts'
import { containerName, engineLabels, mirrorVolume } from './names.ts'

export interface Stores extends AsyncDisposable {
  /** The store of a registry's mirror. */
  of(registry: string): RegistryClient | undefined
}

export interface StoreOptions {
  engine: Engine
  /** Its name and labels are on the containers, so that `down` finds what a kill left. */
  environment: string
  /** The registry's image. */
  image: string
  waiting: (what: string) => void
  signal: AbortSignal
}

const PORT = '5000/tcp'
/** The folder that the registry's image declares as a volume. */
const STORE_PATH = '/var/lib/registry'
const START_MS = 60_000

/** Opens the stores of these registries; with `existing`, only of those that there are. */
export async function openStores(
  registries: string[],
  options: StoreOptions,
  { existing = false } = {},
): Promise<Stores> {
  await using opened = new AsyncDisposableStack()
  const clients = new Map<string, RegistryClient>()
  const openings = [...new Set(registries)].map(async (registry) => {
    const volume = mirrorVolume(registry)
    if (existing && !(await hasVolume(options.engine, volume))) return
    const store = opened.use(await openRegistry(registry, volume, options))
    clients.set(registry, opened.use(new RegistryClient({ url: `http://${store.address}`, env: {} })))
  })
  // Each is waited for: one that opens after another has failed has to be closed too.
  const failed = (await Promise.allSettled(openings)).find(({ status }) => status === 'rejected')
  if (failed) throw (failed as PromiseRejectedResult).reason
  const stack = opened.move()
  return { of: (registry) => clients.get(registry), [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** A registry on a free port of 127.0.0.1; over a volume that stays, or over one that goes with it. */
export async function openRegistry(
  name: string,
  lasting: string | undefined,
  { engine, environment, image, waiting, signal }: StoreOptions,
): Promise<AsyncDisposable & { address: string }> {
  const title = containerName(environment, `store-${name.replaceAll(/[^a-z0-9]+/g, '-')}`)
  await ensureImage(engine, image, { waiting, signal })
  waiting(`${title} to open`)
  const volume = lasting ?? title
  const close = async () => {
    await removeContainer(engine, title)
    if (lasting === undefined) await orMissing(() => engine.getVolume(volume).remove())
  }
  await close()
  // One without labels nobody would find when the engine has lost the container.
  await ensureVolume(
    engine,
    volume,
    lasting === undefined ? engineLabels(environment) : { 'app.kubernetes.io/managed-by': 'devenv' },
  )
  const container = await engine.createContainer({
    name: title,
    Image: image,
    Labels: engineLabels(environment),
    // An index is kept with the one platform of it that a bundle has.
    Env: ['REGISTRY_VALIDATION_MANIFESTS_INDEXES_PLATFORMS=none', 'OTEL_TRACES_EXPORTER=none'],
    ExposedPorts: { [PORT]: {} },
    HostConfig: {
      PortBindings: { [PORT]: [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Mounts: [{ Type: 'volume', Source: volume, Target: STORE_PATH }],
    },
  } as never)
  try {
    await container.start()
    const { NetworkSettings } = await container.inspect()
    const address = `127.0.0.1:${NetworkSettings.Ports[PORT]?.[0]?.HostPort}`
    await untilRegistry(address, waiting, signal)
    return { address, [Symbol.asyncDispose]: close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** Whether the engine has a volume of that name. */
export async function hasVolume(engine: Engine, name: string): Promise<boolean> {
  return (await orMissing(() => engine.getVolume(name).inspect())) !== undefined
}

async function removeContainer(engine: Engine, name: string): Promise<void> {
  await engine
    .getContainer(name)
    .remove({ force: true, v: true })
    .catch((thrown) => {
      if (!isMissing(thrown)) throw thrown
    })
}

/** A registry that answers. */
export async function untilRegistry(
  address: string,
  waiting: (what: string) => void,
  signal: AbortSignal,
): Promise<void> {
  await waitFor(
    `the registry at ${address}`,
    async () => {
      const answer = await fetch(`http://${address}/v2/`, { signal }).catch(() => undefined)
      if (answer?.ok) return { done: true }
      return { waiting: answer ? `it answers HTTP ${answer.status}` : 'it does not listen yet' }
    },
    {
      timeoutMs: START_MS,
      signal,
      intervalMs: 100,
      onWaiting: (state) => waiting(`the registry: ${state.waiting}`),
    },
  )
}
