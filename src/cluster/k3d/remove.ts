/** Takes everything of an environment out of the engine, by labels alone: also what a killed `up` left half made. */
import { rm } from 'node:fs/promises'
import { type Engine, findEngine } from '../../lib/docker/engine.ts'
import { isMissing } from '../../lib/docker/images.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Leftover } from '../leftover.ts'
import { shareLayers } from './mirror-layers.ts'
import { clusterName, engineLabels, networkName } from './names.ts'
import { engineEnv } from './state.ts'

/** The engine may finish what it was asked for before the asker was killed: looked for again, so often. */
const ROUNDS = 3

/** What engines call an image without a tag: a step of a build whose image has gone. */
const UNTAGGED = '<none>:<none>'

/** Containers, volumes, network and image tags of the environment. */
export interface EngineThings {
  containers: { id: string; name: string }[]
  volumes: string[]
  networks: string[]
  tags: string[]
}

/** Everything in the engine that carries the environment's labels, and k3d's helpers on its network. */
export async function thingsOf(engine: Engine, environment: string): Promise<EngineThings> {
  const label = Object.entries(engineLabels(environment)).map(([key, value]) => `${key}=${value}`)
  const byLabel = { filters: { label } }
  const cluster = { label: [`k3d.cluster=${clusterName(environment)}`] }
  const [labelled, helpers, ofCluster, volumes, ofK3d, networks, images] = await Promise.all([
    engine.listContainers({ all: true, ...byLabel }),
    // k3d labels its helper with the cluster's name alone; on our network such a cluster can only be ours.
    engine.listContainers({
      all: true,
      filters: { ...cluster, network: [networkName(environment)] },
    }),
    engine.listContainers({ all: true, filters: cluster }),
    engine.listVolumes(byLabel),
    engine.listVolumes({ filters: cluster }),
    engine.listNetworks(byLabel),
    engine.listImages(byLabel),
  ])
  const containers = new Map([...labelled, ...helpers].map(({ Id, Names }) => [Id, Names[0] ?? Id]))
  return {
    containers: [...containers].map(([id, name]) => ({ id, name: name.replace(/^\//, '') })),
    volumes: [
      ...(volumes.Volumes ?? []),
      // k3d's own volume: ours unless somebody else has a cluster of this name.
      ...(ofCluster.every(({ Id }) => containers.has(Id)) ? (ofK3d.Volumes ?? []) : []),
    ].map(({ Name }) => Name),
    networks: networks.map(({ Name }) => Name),
    tags: images.flatMap(({ RepoTags, Id }) => {
      const names = RepoTags?.filter((name) => name !== UNTAGGED) ?? []
      return names.length > 0 ? names : [Id]
    }),
  }
}

/** Whether anything of the environment is in an engine that answers. */
export async function isInEngine(
  environment: string,
  env: Record<string, string | undefined>,
): Promise<boolean> {
  const found = await findEngine(env)
  if ('absent' in found) return false
  const things = await thingsOf(found.engine, environment)
  return !isNothing(things)
}

function isNothing(things: EngineThings): boolean {
  return Object.values(things).every((list) => list.length === 0)
}

/** Removes it all, then the folder. An engine that does not answer keeps the folder, and is the leftover. */
export async function removeFromEngine(
  given: { name: string; stateDir: string; env: Record<string, string | undefined> },
  progress: (what: string) => void,
): Promise<Leftover[]> {
  const found = await findEngine(await engineEnv(given.stateDir, given.env))
  if ('absent' in found) return [{ kind: 'engine', what: 'Docker engine', why: found.absent }]
  const { engine } = found
  let leftovers: Leftover[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const things = await thingsOf(engine, given.name)
    leftovers = []
    if (isNothing(things)) break
    leftovers = await removeThings(engine, things, round === 1 ? progress : () => undefined)
  }
  if (leftovers.length > 0) return leftovers
  await rm(given.stateDir, { recursive: true, force: true })
  await rm(`${given.stateDir}.lock`, { recursive: true, force: true })
  return []
}

/** What a mirror does not know in time it fetches again: no reason to leave anything behind. */
async function shareMirrored(engine: Engine, { containers }: EngineThings): Promise<void> {
  const mirrors = containers.filter(({ name }) => /-mirror-[a-z]+$/.test(name))
  await shareLayers(mirrors.map(({ id }) => engine.getContainer(id))).catch(() => undefined)
}

/** Podman gives a container ten seconds to end even when its removal is forced, Docker none. */
async function removeContainer(container: ReturnType<Engine['getContainer']>): Promise<void> {
  // One that does not run cannot be killed, and any other trouble shows in the removal.
  await container.kill().catch(() => undefined)
  await container.remove({ force: true, v: true })
}

async function removeThings(
  engine: Engine,
  things: EngineThings,
  progress: (what: string) => void,
): Promise<Leftover[]> {
  const leftovers: Leftover[] = []
  const attempt = async (kind: string, what: string, act: () => Promise<unknown>) => {
    try {
      await act()
    } catch (thrown) {
      if (!isMissing(thrown)) leftovers.push({ kind, what, why: messageOf(thrown) })
    }
  }
  await shareMirrored(engine, things)
  progress(`${things.containers.length} containers to end`)
  await Promise.all(
    things.containers.map(({ id, name }) =>
      attempt('container', name, () => removeContainer(engine.getContainer(id))),
    ),
  )
  progress('network, volumes and image tags to go')
  await Promise.all([
    ...things.volumes.map((name) => attempt('volume', name, () => engine.getVolume(name).remove())),
    ...things.networks.map((name) => attempt('network', name, () => engine.getNetwork(name).remove())),
  ])
  // One after the other, the last built first: images that share layers are each other's parents.
  // Untagged parents stay, as a cache: without them each build would install its packages again. `purge` takes them.
  for (const tag of things.tags)
    await attempt('image', tag, () => engine.getImage(tag).remove({ force: true, noprune: true }))
  return leftovers
}
