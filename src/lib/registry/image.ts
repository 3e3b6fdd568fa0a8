/** One image in a registry: found for a platform, and whether all of it is there. */
import type { RegistryClient } from './client.ts'
import { blobsOf, type Descriptor, entryFor, isIndex, type Manifest, type Platform } from './manifest.ts'

export interface ResolvedImage {
  /** What was asked for: a manifest, or the index that it is in. */
  digest: string
  /** The platform's own. */
  manifest: Manifest
  /** The index, where there is one. */
  index?: Manifest
  blobs: [Descriptor, ...Descriptor[]]
}

/** The image for a platform; undefined when the registry does not have it, or not for this platform. */
export async function resolveImage(
  client: RegistryClient,
  repository: string,
  wanted: string,
  platform: Platform,
): Promise<ResolvedImage | undefined> {
  const found = await client.manifest(repository, wanted)
  if (!found) return undefined
  if (!isIndex(found)) return { digest: found.digest, manifest: found, blobs: blobsOf(found) }
  const entry = entryFor(found, platform)
  const manifest = entry && (await client.manifest(repository, entry.digest))
  return manifest && { digest: found.digest, manifest, index: found, blobs: blobsOf(manifest) }
}

/** The first part of an image that a registry lacks; undefined for a whole one. */
export async function missingPart(
  client: RegistryClient,
  repository: string,
  image: ResolvedImage,
): Promise<string | undefined> {
  for (const { digest } of image.blobs) if (!(await client.hasBlob(repository, digest))) return digest
  return undefined
}

/** Labels that the image was built with. */
export async function labelsOf(
  client: RegistryClient,
  repository: string,
  { blobs: [config] }: ResolvedImage,
): Promise<Record<string, string>> {
  const chunks: Buffer[] = []
  for await (const chunk of await client.blob(repository, config.digest)) chunks.push(chunk as Buffer)
  const { config: { Labels = {} } = {} } = JSON.parse(Buffer.concat(chunks).toString()) as {
    config?: { Labels?: Record<string, string> | null }
  }
  return Labels ?? {}
}
