/** An image of workloads/ for an environment that runs, where this machine is what builds its images. */
import { type Engine, findEngine } from '../lib/docker/engine.ts'
import { DevenvError } from '../lib/errors.ts'
import { stateDir } from '../lib/paths.ts'
import type { RunRecord } from '../lib/record.ts'
import { namesRegistry, parseReference, wantedOf } from '../lib/registry/reference.ts'
import { type BuildRule, buildImages, neededBuilds } from './k3d/builds.ts'
import { containerName } from './k3d/names.ts'
import { buildOutward } from './k3d/outward.ts'
import { engineEnv, readState } from './k3d/state.ts'
import { openStores } from './k3d/store.ts'

interface Given {
  rules: BuildRule[]
  env: Record<string, string | undefined>
  waiting: (what: string) => void
  signal: AbortSignal
}

/**
 * Builds and pushes the image, unless the environment's registry has it: a tag names one content for ever. Does
 * nothing where pods are no containers of this machine's, or where the image is somebody else's.
 */
export async function provideImage(record: RunRecord, image: string, given: Given): Promise<void> {
  if (record.cluster.kind !== 'k3d') return
  const ours =
    record.asked?.images === 'team' ? given.rules.filter(({ match }) => !namesRegistry(match)) : given.rules
  const builds = neededBuilds([image], ours)
  const folder = stateDir(record.name, given.env)
  const state = await readState(folder)
  if (builds.length === 0 || !state) return
  const registry = `127.0.0.1:${state.registryPort}`
  if (await isIn(registry, image, given.signal)) return
  const found = await findEngine(await engineEnv(folder, given.env))
  if ('absent' in found)
    throw new DevenvError('PROVIDER_UNAVAILABLE', `${image} cannot be built: ${found.absent}`, {
      fix: 'Start the Docker engine.',
    })
  const { waiting, signal } = given
  // Offline, a bundle may have brought it, and nothing could be built from scratch.
  if (record.asked?.offline && (await isStored(found.engine, record.name, image, given))) return
  waiting(`${image} to be built`)
  await buildImages(builds, {
    engine: found.engine,
    environment: record.name,
    checkout: record.checkout,
    registry,
    outward: await buildOutward(given.env),
    // An error brings the build's last lines with it.
    waiting() {},
    signal,
  })
}

/** Whether the mirror of the image's registry keeps it. */
async function isStored(
  engine: Engine,
  environment: string,
  image: string,
  { waiting, signal }: Given,
): Promise<boolean> {
  const reference = parseReference(image)
  const { Config } = await engine.getContainer(containerName(environment, 'registry')).inspect()
  await using stores = await openStores(
    [reference.registry],
    { engine, environment, image: Config.Image, waiting, signal },
    { existing: true },
  )
  return (
    (await stores.of(reference.registry)?.digest(reference.repository, wantedOf(reference))) !== undefined
  )
}

/** A registry that does not answer is the build's failure to tell, with more to say. */
async function isIn(registry: string, image: string, signal: AbortSignal): Promise<boolean> {
  const { repository, suffix } = parseReference(image)
  try {
    const { ok } = await fetch(`http://${registry}/v2/${repository}/manifests/${suffix.slice(1)}`, {
      method: 'HEAD',
      headers: {
        accept:
          'application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.v2+json',
      },
      signal,
    })
    return ok
  } catch {
    return false
  }
}
