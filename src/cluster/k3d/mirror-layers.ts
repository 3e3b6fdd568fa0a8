/**
 * Completes what a mirror's store knows. A registry keeps a layer once, and a link to it for each repository. A mirror
 * makes the link when a node pulls the layer under that repository's name; of a layer that several images share, a
 * node pulls it under one name only. The next node may begin with another image, and the mirror would fetch the same
 * bytes again. Paths are those of the registry's filesystem driver, which has kept its layout since version 2.
 */
import { buffer, text } from 'node:stream/consumers'
import { extract, pack } from 'tar-stream'
import type { Engine } from '../../lib/docker/engine.ts'
import { blobsOf } from '../../lib/registry/manifest.ts'

const ROOT = '/var/lib/registry/docker/registry/v2'
const LINK = /^repositories\/(.+)\/(_layers|_manifests\/revisions)\/sha256\/([0-9a-f]{64})\/link$/

type Container = ReturnType<Engine['getContainer']>
/** Repository → digests in hex. */
type Links = Map<string, Set<string>>

/** Gives each repository of a mirror's store the links to those of its images' layers that the store has. */
export async function shareLayers(mirror: Container): Promise<void> {
  const paths = (await filesOf(mirror, `${ROOT}/repositories`)).map(({ name }) => name)
  const { layers, revisions } = linksOf(paths)
  const wanted: Links = new Map()
  for (const [repository, digests] of revisions)
    for (const digest of digests) {
      const [manifest] = await filesOf(mirror, `${ROOT}/blobs/sha256/${digest.slice(0, 2)}/${digest}/data`)
      if (manifest) add(wanted, repository, ...layersOf(manifest.content))
    }
  const missing = missingLinks(layers, wanted)
  if (missing.length === 0) return
  const archive = pack()
  for (const { repository, digest } of missing)
    archive.entry({ name: `repositories/${repository}/_layers/sha256/${digest}/link` }, `sha256:${digest}`)
  archive.finalize()
  await mirror.putArchive(await buffer(archive), { path: ROOT })
}

/** What the paths of a store tell. */
export function linksOf(paths: string[]): { layers: Links; revisions: Links } {
  const layers: Links = new Map()
  const revisions: Links = new Map()
  for (const path of paths) {
    const [, repository, kind, digest] = LINK.exec(path) ?? []
    if (repository && digest) add(kind === '_layers' ? layers : revisions, repository, digest)
  }
  return { layers, revisions }
}

/** Links that repositories lack to layers that others have. */
export function missingLinks(layers: Links, wanted: Links): { repository: string; digest: string }[] {
  const stored = new Set([...layers.values()].flatMap((digests) => [...digests]))
  return [...wanted].flatMap(([repository, digests]) =>
    [...digests]
      .filter((digest) => stored.has(digest) && !layers.get(repository)?.has(digest))
      .map((digest) => ({ repository, digest })),
  )
}

/** Digests of an image's blobs; none for an index, whose images have manifests of their own. */
function layersOf(manifest: string): string[] {
  const { config } = JSON.parse(manifest) as { config?: unknown }
  if (!config) return []
  const blobs = blobsOf({ digest: '', mediaType: '', bytes: Buffer.from(manifest) })
  return blobs.map(({ digest }) => digest.replace(/^sha256:/, ''))
}

function add(links: Links, repository: string, ...digests: string[]): void {
  const there = links.get(repository) ?? new Set()
  for (const digest of digests) there.add(digest)
  links.set(repository, there)
}

async function filesOf(container: Container, path: string): Promise<{ name: string; content: string }[]> {
  const files: { name: string; content: string }[] = []
  const archive = (await container.getArchive({ path })).pipe(extract())
  for await (const entry of archive) {
    const content = await text(entry)
    if (entry.header.type === 'file') files.push({ name: entry.header.name, content })
  }
  return files
}
