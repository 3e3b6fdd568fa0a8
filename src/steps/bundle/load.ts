/** `bundle load`: checks a bundle from its first byte to its last, then puts its parts where `up` looks for them. */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { differences, versionsOf } from '../../bundle/contents.ts'
import { dockerArchive } from '../../bundle/docker-archive.ts'
import { type BundleIndex, hexOf } from '../../bundle/index-file.ts'
import { manifestsOf, pushBundled } from '../../bundle/push.ts'
import { type OpenBundle, openBundle } from '../../bundle/read.ts'
import { unpackTree } from '../../bundle/tree.ts'
import { platformName } from '../../cluster/k3d/binary.ts'
import { orEngineFailure } from '../../cluster/k3d/engine-failure.ts'
import { openStores } from '../../cluster/k3d/store.ts'
import { type FoundEngine, findEngine } from '../../lib/docker/engine.ts'
import { hasImage, loadImage } from '../../lib/docker/images.ts'
import { artifactPath, digestOf } from '../../lib/download/artifact.ts'
import { HttpFailure } from '../../lib/download/failure.ts'
import { DevenvError, EXIT } from '../../lib/errors.ts'
import { freeBytes } from '../../lib/free-bytes.ts'
import { cacheDir, ensureDir } from '../../lib/paths.ts'
import { blobsOf } from '../../lib/registry/manifest.ts'
import { parseReference } from '../../lib/registry/reference.ts'
import type { Plan } from '../plan.ts'
import { lockOf } from './needs.ts'

export interface LoadOptions {
  /** Without it, images stay in the bundle: the embedded cluster needs none. */
  images: boolean
  progress: (what: string) => void
  signal: AbortSignal
}

/** Every part is looked for before it is put in place. */
const AGAIN = 'run the command again: what is in place stays.'

export interface Placed {
  name: string
  into: 'cache' | 'engine' | 'mirror'
  /** It was there before. */
  present: boolean
}

export interface Loaded {
  file: string
  bytes: number
  index: BundleIndex
  placed: Placed[]
}

/** Puts nothing in place before everything is checked. Running it again goes on where it ended. */
export async function loadBundle(file: string, plan: Plan, options: LoadOptions): Promise<Loaded> {
  const { progress, signal, images } = options
  await using bundle = await openBundle(file)
  const { index, bytes } = bundle
  checkFits(file, index, plan)
  const engine = images && index.images.length > 0 ? await engineOf() : undefined
  await bundle.verify((what) => progress(`checking ${what}`), signal)
  await checkImages(file, bundle)
  await checkRoom(index, engine)
  const placed = [
    ...(await placeFiles(bundle, options)),
    ...(await placeTrees(bundle, options)),
    ...(engine ? await placeImages(bundle, engine, plan, options).catch(failedIn(engine, signal)) : []),
  ]
  return { file, bytes, index, placed }
}

/** A command that was interrupted is told as that; else the engine may itself be the cause. */
function failedIn(engine: FoundEngine, signal: AbortSignal): (thrown: unknown) => Promise<never> {
  return async (thrown) => {
    throw signal.aborted ? thrown : await orEngineFailure(engine, thrown, AGAIN)
  }
}

/** A bundle of another platform or of other versions would leave `up --offline` without what it asks for. */
function checkFits(file: string, { platform, versions, images }: BundleIndex, plan: Plan): void {
  const own = platformName(process.platform, process.arch)
  if (platform !== own)
    throw new DevenvError('BUNDLE_INVALID', `${file} is for ${platform}, this machine is ${own}`, {
      fix: `Make one on a ${own} machine.`,
    })
  const other = images.length === 0 ? [] : differences(versions, versionsOf(lockOf(plan)))
  if (other.length > 0)
    throw new DevenvError(
      'BUNDLE_INVALID',
      `${file} was made by another version of this project: it has ${other.join(', ')}`,
      { fix: 'Make it again with this checkout, or load it with the checkout that made it.' },
    )
}

async function engineOf(): Promise<FoundEngine> {
  const found = await findEngine(process.env)
  if (!('absent' in found)) return found
  throw new DevenvError('PROVIDER_UNAVAILABLE', `the bundle has images for k3d: ${found.absent}`, {
    fix: 'Start Docker, or: npm run bundle -- load FILE --cluster embedded',
  })
}

/** Every blob that an image is made of must be a part: else it would end up half in place. */
async function checkImages(file: string, bundle: OpenBundle): Promise<void> {
  for (const bundled of bundle.index.images) {
    const [manifest] = await manifestsOf(bundle, bundled)
    const lacking = blobsOf(manifest!).find(({ digest }) => !bundle.has(hexOf(digest)))
    if (lacking)
      throw new DevenvError(
        'BUNDLE_INVALID',
        `${file}: ${bundled.image} needs ${lacking.digest}, which is no part of it`,
        {
          fix: 'Make it again with npm run bundle -- save.',
        },
      )
  }
}

/** What goes into the cache and, where it is on this machine's disk, into the engine. */
async function checkRoom(
  { parts, files, trees }: BundleIndex,
  engine: FoundEngine | undefined,
): Promise<void> {
  const own = new Set([...files, ...trees].map(({ sha256 }) => sha256))
  const sum = (fits: (sha256: string) => boolean) =>
    parts.reduce((total, { sha256, size }) => total + (fits(sha256) ? size : 0), 0)
  await ensureDir(cacheDir())
  // Unpacked, a tree is about three times as large.
  const cached = await lackingRoom(cacheDir(), 3 * sum((one) => own.has(one)))
  if (cached)
    throw new DevenvError('STATE_UNWRITABLE', cached, {
      fix: 'Move the cache with DEVENV_HOME, or free some space.',
    })
  const root = engine?.info.DockerRootDir
  const stored = root && (await lackingRoom(root, 2 * sum((one) => !own.has(one))))
  if (stored)
    throw new DevenvError('PREFLIGHT', `the disk of the Docker engine: ${stored}`, {
      fix: 'docker system df shows what takes it, docker system prune frees what nothing uses.',
    })
}

async function lackingRoom(folder: string, needed: number): Promise<string | undefined> {
  const free = await freeBytes(folder)
  if (free === undefined || free >= needed) return undefined
  return `${folder} has ${(free / 1e6).toFixed(0)} MB free, the bundle takes about ${(needed / 1e6).toFixed(0)} MB there`
}

async function placeFiles(bundle: OpenBundle, { progress, signal }: LoadOptions): Promise<Placed[]> {
  const placed: Placed[] = []
  await ensureDir(join(cacheDir(), 'downloads'))
  for (const artifact of bundle.index.files) {
    const path = artifactPath(artifact, cacheDir())
    const present = (await digestOf(path).catch(() => undefined)) === artifact.sha256
    placed.push({ name: artifact.title, into: 'cache', present })
    if (present) continue
    progress(`${artifact.title} into the cache`)
    const temporary = `${path}.load-${process.pid}`
    try {
      await pipeline(bundle.read(artifact.sha256), createWriteStream(temporary, { mode: 0o600 }), { signal })
      await rename(temporary, path)
    } catch (thrown) {
      await rm(temporary, { force: true })
      throw unplaced(artifact.title, thrown)
    }
  }
  return placed
}

async function placeTrees(bundle: OpenBundle, { progress }: LoadOptions): Promise<Placed[]> {
  const placed: Placed[] = []
  for (const { title, folder, sha256 } of bundle.index.trees) {
    progress(`${title} into the cache`)
    if (folder.split('/').includes('..'))
      throw new DevenvError(
        'BUNDLE_INVALID',
        `the bundle's ${title} wants to be outside the cache (${folder})`,
      )
    const made = await unpackTree(bundle.read(sha256), join(cacheDir(), folder)).catch((thrown) => {
      throw unplaced(title, thrown)
    })
    placed.push({ name: title, into: 'cache', present: !made })
  }
  return placed
}

async function placeImages(
  bundle: OpenBundle,
  { engine }: FoundEngine,
  plan: Plan,
  { progress: waiting, signal }: LoadOptions,
): Promise<Placed[]> {
  const placed: Placed[] = []
  const { images } = bundle.index
  for (const bundled of images.filter(({ into }) => into === 'engine')) {
    const present = await hasImage(engine, bundled.image)
    if (!present) {
      const [manifest] = await manifestsOf(bundle, bundled)
      const archive = dockerArchive(bundled.image, manifest!, (digest) => bundle.read(hexOf(digest)))
      await loadImage(engine, bundled.image, archive, { waiting, signal })
    }
    placed.push({ name: bundled.image, into: 'engine', present })
  }
  const pulled = images.filter(({ into }) => into === 'mirror')
  await using stores = await openStores(
    pulled.map(({ image }) => parseReference(image).registry),
    { engine, environment: plan.options.name, image: lockOf(plan).images.registry, waiting, signal },
  )
  for (const bundled of pulled) {
    waiting(`${bundled.image} into its mirror`)
    const client = stores.of(parseReference(bundled.image).registry)
    const present = await pushBundled(bundle, bundled, client!, signal).catch((thrown) => {
      throw unplaced(bundled.image, thrown)
    })
    placed.push({ name: bundled.image, into: 'mirror', present })
  }
  return placed
}

/** A disk of this machine that is full is told as such: by then something may be in place. */
function unplaced(what: string, thrown: unknown): unknown {
  if (thrown instanceof DevenvError) return thrown
  if ((thrown as NodeJS.ErrnoException).code === 'ENOSPC')
    return new DevenvError('STATE_UNWRITABLE', `${what}: the disk of ${cacheDir()} is full`, {
      cause: thrown,
      exitCode: EXIT.failed,
      fix: `Free some space there, or move the cache with DEVENV_HOME; then ${AGAIN}`,
    })
  if (thrown instanceof HttpFailure)
    return new DevenvError('STEP_FAILED', `${what}: its store does not take it: ${thrown.message}`, {
      cause: thrown,
    })
  return thrown
}
