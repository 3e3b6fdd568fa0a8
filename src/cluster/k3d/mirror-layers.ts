/**
 * Completes what the mirrors' stores know. A registry keeps a layer once, and a link to it for each repository; a
 * mirror makes both when a node pulls the layer under that repository's name. Of a layer that several images share, a
 * node pulls it under one name only. The next node may begin with another image, and the mirrors would fetch the same
 * bytes again. Paths are those of the registry's filesystem driver, which has kept its layout since version 2.
 */
import { buffer, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { extract, pack } from 'tar-stream'
import type { Engine } from '../../lib/docker/engine.ts'
import { blobsOf } from '../../lib/registry/manifest.ts'

const ROOT = '/var/lib/registry/docker/registry/v2'
const LINK = /^repositories\/(.+)\/(_layers|_manifests\/revisions)\/sha256\/([0-9a-f]{64})\/link$/

type Container = ReturnType<Engine['getContainer']>
/** Repository → digests in hex. */
type Links = Map<string, Set<string>>

/** What a mirror has, and what the images that it has manifests of are made of. */
export interface Store {
  layers: Links
  wanted: Links
}

/** Gives each repository of the mirrors' stores those of its images' layers that any of them has. */
export async function shareLayers(mirrors: Container[]): Promise<void> {
  const stores = await Promise.all(mirrors.map(readStore))
  for (const [at, mirror] of mirrors.entries()) {
    const { links, blobs } = missingLayers(stores, at)
    for (const { digest, from } of blobs) await copyBlob(mirrors[from]!, mirror, digest)
    if (links.length === 0) continue
    const archive = pack()
    for (const { repository, digest } of links)
      archive.entry({ name: `repositories/${repository}/_layers/sha256/${digest}/link` }, `sha256:${digest}`)
    archive.finalize()
    await mirror.putArchive(await buffer(archive), { path: ROOT })
  }
}

async function readStore(mirror: Container): Promise<Store> {
  const paths = (await filesOf(mirror, `${ROOT}/repositories`)).map(({ name }) => name)
  const { layers, revisions } = linksOf(paths)
  const wanted: Links = new Map()
  const images = [...revisions].flatMap(([repository, digests]) =>
    [...digests].map(async (digest) => {
      const [manifest] = await filesOf(mirror, `${ROOT}/${blobPath(digest)}`)
      if (manifest) add(wanted, repository, ...layersOf(manifest.content))
    }),
  )
  await Promise.all(images)
  return { layers, wanted }
}

function blobPath(digest: string): string {
  return `blobs/sha256/${digest.slice(0, 2)}/${digest}/data`
}

async function copyBlob(from: Container, to: Container, digest: string): Promise<void> {
  const archive = pack()
  const copied = async () => {
    const source = (await from.getArchive({ path: `${ROOT}/${blobPath(digest)}` })).pipe(extract())
    for await (const entry of source)
      await pipeline(entry, archive.entry({ ...entry.header, name: blobPath(digest) }))
    archive.finalize()
  }
  // Together: an engine that refuses reads no more, and nobody would fill the archive to its end.
  await Promise.all([to.putArchive(archive as unknown as NodeJS.ReadableStream, { path: ROOT }), copied()])
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

/** Links that repositories of one store lack, and the layers among them that another store has. */
export function missingLayers(
  stores: Store[],
  at: number,
): { links: { repository: string; digest: string }[]; blobs: { digest: string; from: number }[] } {
  const stored = stores.map(({ layers }) => new Set([...layers.values()].flatMap((digests) => [...digests])))
  const { layers, wanted } = stores[at]!
  const links = [...wanted].flatMap(([repository, digests]) =>
    [...digests]
      .filter((digest) => !layers.get(repository)?.has(digest) && stored.some((has) => has.has(digest)))
      .map((digest) => ({ repository, digest })),
  )
  const missing = new Set(links.map(({ digest }) => digest).filter((digest) => !stored[at]!.has(digest)))
  const blobs = [...missing].map((digest) => ({
    digest,
    from: stored.findIndex((has) => has.has(digest)),
  }))
  return { links, blobs }
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
