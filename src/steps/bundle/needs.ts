/** What an environment on k3d takes from outside, found from its plan: one list for bundles and for --offline. */
import { join } from 'node:path'
import { engineImages, pinnedFiles, type Size } from '../../bundle/contents.ts'
import { platformName } from '../../cluster/k3d/binary.ts'
import type { Build } from '../../cluster/k3d/build-source.ts'
import { neededBuilds } from '../../cluster/k3d/builds.ts'
import { imageNames } from '../../components/chart/images.ts'
import { loadOperators } from '../../components/operators/manifests.ts'
import type { OperatorsLock } from '../../config/operators.ts'
import { withReleases } from '../../demo/releases.ts'
import type { Artifact, FetchOptions } from '../../lib/download/artifact.ts'
import { DevenvError } from '../../lib/errors.ts'
import { namesRegistry } from '../../lib/registry/reference.ts'
import type { Plan } from '../plan.ts'

export interface Needs {
  files: Artifact[]
  /** Images that the engine itself runs. */
  engine: string[]
  /** Images that pods pull. */
  pods: string[]
  builds: Build[]
}

/** The lock file of a plan for a real cluster. */
export function lockOf({ lock, choice }: Plan): OperatorsLock {
  if (!lock) throw new DevenvError('BUG', `no lock file for ${choice.kind}`)
  return lock
}

/** What has to be built of the plan's images, and of the versions that `demo` releases. */
export function buildsOf({ usedImages, environment, options, builds }: Plan): Build[] {
  const used = usedImages.map(({ image }) => image)
  const images = [...withReleases(used, environment.demo), ...(options.alsoBuild ?? [])]
  // The team's images are in their registry; what names none is nowhere but here.
  return neededBuilds(
    images,
    options.images === 'team' ? builds.filter(({ match }) => !namesRegistry(match)) : builds,
  )
}

/** The pinned files: known without asking anybody. */
export function filesOf(plan: Plan, size: Size): Artifact[] {
  return pinnedFiles(lockOf(plan), size, platformName(process.platform, process.arch))
}

/** Everything. The operators' manifests are read, and fetched if they are not in the cache. */
export async function needsOfPlan(plan: Plan, size: Size, fetch: FetchOptions): Promise<Needs> {
  const lock = lockOf(plan)
  const { checkout, name } = plan.options
  const operators = await loadOperators(lock.operators, {
    folder: join(checkout, 'devenv'),
    checkout,
    size,
    environment: name,
    fetch,
  })
  const builds = buildsOf(plan)
  const built = new Set(builds.map(({ image }) => image))
  const pods = [
    ...lock.systemImages[size],
    lock.images.git,
    ...operators.flatMap(({ objects }) => imageNames(objects)),
    ...plan.usedImages.map(({ image }) => image),
  ]
  return {
    files: filesOf(plan, size),
    engine: engineImages(lock),
    pods: [...new Set(pods)].filter((image) => !built.has(image)),
    builds,
  }
}
