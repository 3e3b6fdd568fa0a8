/** `up --offline` on k3d: everything that it will ask for must be on this machine, and what is not is named at once. */
import { stat } from 'node:fs/promises'
import type { Size } from '../../bundle/contents.ts'
import { basesOf, SOURCE_LABEL, sourceOf } from '../../cluster/k3d/build-source.ts'
import { isMirrored } from '../../cluster/k3d/mirrors.ts'
import { openStores, type Stores } from '../../cluster/k3d/store.ts'
import type { Engine } from '../../lib/docker/engine.ts'
import { hasImage } from '../../lib/docker/images.ts'
import { artifactPath } from '../../lib/download/artifact.ts'
import { DevenvError } from '../../lib/errors.ts'
import { cacheDir } from '../../lib/paths.ts'
import { labelsOf, missingPart, type ResolvedImage, resolveImage } from '../../lib/registry/image.ts'
import { NODE_PLATFORM } from '../../lib/registry/manifest.ts'
import { parseReference, wantedOf } from '../../lib/registry/reference.ts'
import { fetchOptions } from '../fetch-options.ts'
import type { Plan } from '../plan.ts'
import { buildsOf, filesOf, lockOf, needsOfPlan } from './needs.ts'

export interface OfflineCheck {
  engine: Engine
  size: Size
  progress: (what: string) => void
  signal: AbortSignal
  /** How the mirrors' stores are opened: containers, where nothing else is told. */
  open?: typeof openStores
}

/**
 * Images of workloads/ that a store has as the checkout would build them. Throws PREFLIGHT with the name of
 * everything that is missing.
 */
export async function checkOffline(plan: Plan, check: OfflineCheck): Promise<Set<string>> {
  const missing: string[] = []
  const { engine, size, progress, signal, open = openStores } = check
  progress('offline: looking for what is needed on this machine')
  const files = filesOf(plan, size)
  for (const artifact of files)
    if (
      !(await stat(artifactPath(artifact, cacheDir())).catch(() => undefined)) &&
      !process.env.DEVENV_MIRROR
    )
      missing.push(`${artifact.title} (${artifact.url})`)
  const lock = lockOf(plan)
  for (const image of new Set(Object.values(lock.images)))
    if (image !== lock.images.git && !(await hasImage(engine, image)))
      missing.push(`${image} (image of the engine)`)
  // Without the manifests nobody knows their images; without a registry nobody can look into a store.
  if (missing.length > 0)
    throw lacking([...missing, 'images of pods: what those files name was not looked for'])
  const { pods } = await needsOfPlan(plan, size, fetchOptions(plan.options, progress, signal))
  const builds = buildsOf(plan)
  const images = [...pods, ...builds.map(({ image }) => image)]
  const registries = images.map((image) => parseReference(image).registry).filter(isMirrored)
  await using stores = await open(
    registries,
    { engine, environment: plan.options.name, image: lock.images.registry, waiting: progress, signal },
    { existing: true },
  )
  for (const image of pods) if (!(await stored(stores, image))) missing.push(`${image} (image of pods)`)
  const built = new Set<string>()
  for (const build of builds) {
    const labels = await labelsIn(stores, build.image)
    if (labels?.[SOURCE_LABEL] === (await sourceOf(build, plan.options.checkout))) built.add(build.image)
    else
      for (const base of await basesOf(build, plan.options.checkout))
        if (!(await hasImage(engine, base))) missing.push(`${build.image}, or ${base} to build it from`)
  }
  if (missing.length > 0) throw lacking(missing)
  return built
}

function lacking(missing: string[]): DevenvError {
  return new DevenvError(
    'PREFLIGHT',
    `--offline forbids the network, and these are not on this machine:\n  ${[...new Set(missing)].join('\n  ')}`,
    { fix: 'npm run bundle -- load FILE with a bundle that has them, or npm run up once with the network.' },
  )
}

/** The image, if a store has all of it. */
async function stored(stores: Stores, image: string): Promise<ResolvedImage | undefined> {
  const reference = parseReference(image)
  const client = stores.of(reference.registry)
  if (!client) return undefined
  const { repository } = reference
  const found = await resolveImage(client, repository, wantedOf(reference), NODE_PLATFORM)
  return found && !(await missingPart(client, repository, found)) ? found : undefined
}

async function labelsIn(stores: Stores, image: string): Promise<Record<string, string> | undefined> {
  const found = await stored(stores, image)
  const { registry, repository } = parseReference(image)
  const client = stores.of(registry)
  return found && client ? labelsOf(client, repository, found) : undefined
}
