/** `bundle save`: finds everything that an environment takes from outside, and writes it into one file. */
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Size, versionsOf } from '../../bundle/contents.ts'
import { type BundledImage, type BundleIndex, FORMAT, hexOf } from '../../bundle/index-file.ts'
import { type FoundImage, findImage } from '../../bundle/resolve.ts'
import { packTree } from '../../bundle/tree.ts'
import { checkTarget, writeBundle } from '../../bundle/write.ts'
import { type BrokerInstall, ensureBroker } from '../../cluster/embedded/broker/index.ts'
import { platformName } from '../../cluster/k3d/binary.ts'
import type { Build } from '../../cluster/k3d/build-source.ts'
import { buildImages } from '../../cluster/k3d/builds.ts'
import { orEngineFailure } from '../../cluster/k3d/engine-failure.ts'
import { isMirrored } from '../../cluster/k3d/mirrors.ts'
import { buildOutward } from '../../cluster/k3d/outward.ts'
import { openRegistry } from '../../cluster/k3d/store.ts'
import { abandonedTags } from '../../cluster/k3d/tags.ts'
import { type Engine, findEngine } from '../../lib/docker/engine.ts'
import { removeTags } from '../../lib/docker/images.ts'
import { digestOf, fetchArtifact } from '../../lib/download/artifact.ts'
import { DevenvError, messageOf } from '../../lib/errors.ts'
import { cacheDir } from '../../lib/paths.ts'
import { RegistryClient } from '../../lib/registry/client.ts'
import { NODE_PLATFORM } from '../../lib/registry/manifest.ts'
import { inRegistry, parseReference } from '../../lib/registry/reference.ts'
import { fetchOptions } from '../fetch-options.ts'
import type { Plan } from '../plan.ts'
import { teamRegistries } from '../team-images.ts'
import { filesOf, lockOf, type Needs, needsOfPlan } from './needs.ts'
import { openRegistries } from './registries.ts'

export type Kind = 'embedded' | 'k3d'

export interface SaveOptions {
  kinds: Kind[]
  size: Size
  progress: (what: string) => void
  signal: AbortSignal
}

export interface Saved {
  file: string
  bytes: number
  index: BundleIndex
  /** Parts that an earlier try had written already. */
  kept: number
  /** What cannot be in a bundle, and why. */
  leftOut: string[]
}

type Source = () => Promise<Readable>

/** Collects what goes into the index, and where each part of it is read. */
interface Collected {
  index: Omit<BundleIndex, 'parts'>
  sources: Map<string, { size: number; of: string; open: Source }>
  leftOut: string[]
}

/** Writes FILE, which appears when it is whole. Throws when anything that the environment needs cannot be had. */
export async function saveBundle(file: string, plan: Plan, options: SaveOptions): Promise<Saved> {
  await checkTarget(file)
  await using opened = new AsyncDisposableStack()
  const { kinds, size, progress, signal } = options
  const lock = lockOf(plan)
  const collected: Collected = {
    index: {
      apiVersion: 'devenv/v1',
      kind: 'Bundle',
      format: FORMAT,
      platform: platformName(process.platform, process.arch),
      size,
      versions: kinds.includes('k3d') ? versionsOf(lock) : {},
      files: [],
      trees: [],
      images: [],
    },
    sources: new Map(),
    leftOut: [],
  }
  if (kinds.includes('embedded')) await addBroker(collected, opened, options)
  if (kinds.includes('k3d')) {
    const needs = await needsOfPlan(plan, size, fetchOptions(plan.options, progress, signal))
    await addFiles(collected, needs, plan, options)
    await addPulled(collected, needs, plan, opened, options)
    await addBuilt(collected, needs, plan, opened, options)
  }
  const parts = [...collected.sources].map(([sha256, { size: bytes, of }]) => ({ sha256, size: bytes, of }))
  const index = { ...collected.index, parts }
  const written = await writeBundle(file, index, {
    source: ({ sha256 }) => collected.sources.get(sha256)!.open(),
    onProgress: progress,
    signal,
  })
  return { file, ...written, index, leftOut: collected.leftOut }
}

/** RabbitMQ with Erlang from the cache. Postgres is an npm package, which a checkout that runs has. */
async function addBroker(
  { index, sources, leftOut }: Collected,
  opened: AsyncDisposableStack,
  { kinds, progress }: SaveOptions,
): Promise<void> {
  let broker: BrokerInstall
  try {
    broker = await ensureBroker(cacheDir(), { onProgress: progress, packaged: true })
  } catch (thrown) {
    if (kinds.length === 1 || (thrown as DevenvError).code !== 'BROKER_MISSING') throw thrown
    leftOut.push(`RabbitMQ for the embedded cluster: ${messageOf(thrown)}`)
    return
  }
  const folder = broker.erlangRoot.slice(0, broker.erlangRoot.indexOf('/usr/lib/erlang'))
  const name = folder.slice(cacheDir().length + 1)
  const title = `RabbitMQ ${broker.version} with Erlang`
  progress(`packing ${title}`)
  const packed = await packTree(folder, join(cacheDir(), 'bundle'))
  opened.defer(() => rm(packed, { force: true }))
  const sha256 = await addFile(sources, packed, title)
  index.trees.push({ title, folder: name, sha256 })
}

async function addFiles(
  { index, sources }: Collected,
  { files }: Needs,
  plan: Plan,
  { size, progress, signal }: SaveOptions,
): Promise<void> {
  // The images of a lite environment are among those of a full one; its manifests are others.
  const wanted = size === 'full' ? [...files, ...filesOf(plan, 'lite')] : files
  for (const artifact of new Map(wanted.map((one) => [one.sha256, one])).values()) {
    const path = await fetchArtifact(artifact, fetchOptions(plan.options, progress, signal))
    await addFile(sources, path, artifact.title)
    index.files.push(artifact)
  }
}

/** Images of registries, for the engine and for pods. */
async function addPulled(
  collected: Collected,
  { engine, pods }: Needs,
  plan: Plan,
  opened: AsyncDisposableStack,
  { progress, signal }: SaveOptions,
): Promise<void> {
  const { mirrors: upstreams } = lockOf(plan)
  const patterns = plan.builds.map(({ match }) => match)
  const own =
    plan.options.images === 'team' ? teamRegistries({ images: pods, patterns, upstreams }) : new Set<string>()
  const registries = opened.use(openRegistries(upstreams, process.env, signal, own))
  const wanted: { image: string; into: BundledImage['into'] }[] = []
  for (const image of engine) {
    // What an engine loads has names, and no digests of a registry.
    if (image.includes('@')) collected.leftOut.push(`${image}: an engine can load it by a tag only`)
    else wanted.push({ image, into: 'engine' })
  }
  for (const image of pods) {
    const { registry } = parseReference(image)
    if (isMirrored(registry)) wanted.push({ image, into: 'mirror' })
    else collected.leftOut.push(`${image}: ${registry} has no mirror that could keep it`)
  }
  progress(`${wanted.length} images: what they are made of`)
  const found = await Promise.allSettled(
    wanted.map(({ image }) => findImage(image, NODE_PLATFORM, (registry) => registries.client(registry))),
  )
  throwMissing(found)
  for (const [place, one] of found.entries())
    if (one.status === 'fulfilled') addImage(collected, one.value, wanted[place]!.into)
}

/** Every image that is not there, in one error; any other failure is one by itself. */
function throwMissing(found: PromiseSettledResult<unknown>[]): void {
  const failures = found.flatMap((one) => (one.status === 'rejected' ? [one.reason as DevenvError] : []))
  const other = failures.find(({ code }) => code !== 'IMAGE_MISSING')
  if (other) throw other
  if (failures.length === 0) return
  throw new DevenvError('IMAGE_MISSING', failures.map(({ message }) => message).join('\n  '), {
    fix: 'Look at their names and tags in devenv/operators.lock.yaml and in the chart’s values.',
  })
}

/** Images of workloads/: built by the engine, which hands them over through a registry that lasts as long. */
async function addBuilt(
  collected: Collected,
  { builds }: Needs,
  plan: Plan,
  opened: AsyncDisposableStack,
  { progress, signal }: SaveOptions,
): Promise<void> {
  if (builds.length === 0) return
  const found = await findEngine(process.env)
  if ('absent' in found)
    throw new DevenvError(
      'PROVIDER_UNAVAILABLE',
      `the images of workloads/ cannot be built: ${found.absent}`,
      {
        fix: 'Start Docker, or: npm run bundle -- save FILE --cluster embedded',
      },
    )
  try {
    await buildAll(found.engine, collected, builds, plan, opened, { progress, signal })
  } catch (thrown) {
    throw signal.aborted ? thrown : await orEngineFailure(found, thrown, 'run the command again.')
  }
}

async function buildAll(
  engine: Engine,
  collected: Collected,
  builds: Build[],
  plan: Plan,
  opened: AsyncDisposableStack,
  { progress, signal }: Pick<SaveOptions, 'progress' | 'signal'>,
): Promise<void> {
  const { name: environment, checkout } = plan.options
  const image = lockOf(plan).images.registry
  await removeTags(engine, await abandonedTags(engine, environment, plan.stateDir))
  const waits = { waiting: progress, signal }
  const registry = opened.use(
    await openRegistry('builds', undefined, { engine, environment, image, ...waits }),
  )
  opened.defer(() =>
    removeTags(
      engine,
      builds.map((build) => inRegistry(build.image, registry.address)),
    ),
  )
  const outward = await buildOutward(process.env)
  for (const build of builds) {
    progress(`${build.image} to be built`)
    // An error brings the build's last lines with it.
    const quietly = { waiting: () => undefined, signal }
    await buildImages([build], {
      outward,
      engine,
      environment,
      checkout,
      registry: registry.address,
      ...quietly,
    })
  }
  const client = opened.use(new RegistryClient({ url: `http://${registry.address}`, env: {}, signal }))
  for (const build of builds) {
    const built = await findImage(
      inRegistry(build.image, registry.address),
      NODE_PLATFORM,
      async () => client,
    )
    addImage(collected, { ...built, image: build.image }, 'mirror')
  }
}

function addImage({ index, sources }: Collected, found: FoundImage, into: BundledImage['into']): void {
  const { image, digest, manifest, blobs, client, repository } = found
  // The index is needed only by who asks for it by its digest.
  const manifests = image.includes('@') && found.index ? [manifest, found.index] : [manifest]
  for (const { digest: name, bytes } of manifests)
    add(sources, name, { size: bytes.length, of: image, open: async () => Readable.from([bytes]) })
  for (const { digest: name, size } of blobs)
    add(sources, name, { size, of: image, open: () => client.blob(repository, name) })
  index.images.push({ image, into, digest, manifests: manifests.map((one) => one.digest) })
}

/** Images share layers: each is in the archive once, under the name of the first. */
function add(
  sources: Collected['sources'],
  digest: string,
  part: { size: number; of: string; open: Source },
): void {
  if (!sources.has(hexOf(digest))) sources.set(hexOf(digest), part)
}

async function addFile(sources: Collected['sources'], path: string, of: string): Promise<string> {
  const sha256 = await digestOf(path)
  const { size } = await stat(path)
  add(sources, sha256, { size, of, open: async () => createReadStream(path) })
  return sha256
}
