/** The stores of the pull-through mirrors, as a cache that belongs to no environment: how large, used by whom, removed. */
import { type Engine, findEngine } from '../../lib/docker/engine.ts'
import { isMissing, removeTags } from '../../lib/docker/images.ts'

export interface MirrorVolume {
  name: string
  /** Zero where the engine does not tell. */
  bytes: number
  /** Environments, running or stopped, whose containers have it; the container's name for anybody else's. */
  usedBy: string[]
}

export interface MirrorVolumes {
  volumes: MirrorVolume[]
  /** Ids of images without a name that builds keep as their layers. */
  layers: string[]
  /** Removes them all. */
  remove(): Promise<void>
}

/** What there is in the engine that answers; without one there is nothing to be found, and `absent` says why. */
export async function findMirrorVolumes(
  env: Record<string, string | undefined>,
): Promise<MirrorVolumes | { absent: string }> {
  const found = await findEngine(env)
  if ('absent' in found) return found
  const { engine } = found
  const [names, layers] = await Promise.all([volumeNames(engine), buildLayers(engine)])
  const sizes = names.length > 0 ? await volumeSizes(engine) : new Map<string, number>()
  const volumes = await Promise.all(
    names.map(async (name) => ({
      name,
      bytes: sizes.get(name) ?? 0,
      usedBy: await usersOf(engine, name),
    })),
  )
  return {
    volumes,
    layers,
    async remove() {
      for (const name of names)
        await engine
          .getVolume(name)
          .remove()
          .catch((thrown) => {
            if (!isMissing(thrown)) throw thrown
          })
      await removeTags(engine, layers)
    },
  }
}

/** Images of a build whose tags went with their environment. */
async function buildLayers(engine: Engine): Promise<string[]> {
  const filters = { label: ['app.kubernetes.io/managed-by=devenv'], dangling: ['true'] }
  const images = await engine.listImages({ filters })
  return images.map(({ Id }) => Id)
}

/** Ours, and of no environment: what `down` leaves. */
async function volumeNames(engine: Engine): Promise<string[]> {
  const { Volumes } = await engine.listVolumes({
    filters: { label: ['app.kubernetes.io/managed-by=devenv'] },
  })
  return (Volumes ?? [])
    .filter(({ Labels }) => !Labels?.['devenv/environment'])
    .map(({ Name }) => Name)
    .sort()
}

/** GET /system/df, which the client's types know without options and without an answer. */
interface Measuring {
  df(options: { type: 'volume' }): Promise<{
    Volumes?: { Name: string; UsageData?: { Size?: number } }[] | null
  }>
}

/** Engines before API 1.42 count images, too, and take longer for it. */
async function volumeSizes(engine: Engine): Promise<Map<string, number>> {
  const { Volumes } = await (engine as unknown as Measuring).df({ type: 'volume' })
  // -1 stands for unknown.
  return new Map(Volumes?.map(({ Name, UsageData }) => [Name, Math.max(UsageData?.Size ?? 0, 0)]))
}

async function usersOf(engine: Engine, volume: string): Promise<string[]> {
  const containers = await engine.listContainers({ all: true, filters: { volume: [volume] } })
  const users = containers.map(
    ({ Labels, Names, Id }) => Labels['devenv/environment'] ?? (Names[0] ?? Id).replace(/^\//, ''),
  )
  return [...new Set(users)]
}
