/** An image of a bundle into a registry, over the registry's own API: its digests stay. */
import type { RegistryClient } from '../lib/registry/client.ts'
import { blobsOf, type Manifest } from '../lib/registry/manifest.ts'
import { parseReference, wantedOf } from '../lib/registry/reference.ts'
import { type BundledImage, hexOf } from './index-file.ts'
import type { OpenBundle } from './read.ts'

type Parts = Pick<OpenBundle, 'read'>

/** Blobs first, then manifests, the tag last: an image is whole or not there. True when there was nothing to do. */
export async function pushBundled(
  bundle: Parts,
  bundled: BundledImage,
  client: RegistryClient,
  signal: AbortSignal,
): Promise<boolean> {
  const reference = parseReference(bundled.image)
  const { repository } = reference
  const manifests = await manifestsOf(bundle, bundled)
  const name = wantedOf(reference)
  let present = true
  for (const { digest } of blobsOf(manifests[0]!)) {
    signal.throwIfAborted()
    if (await client.hasBlob(repository, digest)) continue
    present = false
    await client.putBlob(repository, digest, bundle.read(hexOf(digest)))
  }
  const last = manifests.at(-1)!
  if (present && (await client.digest(repository, name)) === last.digest) return true
  for (const manifest of manifests)
    await client.putManifest(repository, manifest === last ? name : manifest.digest, manifest)
  return false
}

/** The manifests of an image, in the order of the index. */
export async function manifestsOf(bundle: Parts, { manifests }: BundledImage): Promise<Manifest[]> {
  const read: Manifest[] = []
  for (const digest of manifests) {
    const chunks: Buffer[] = []
    for await (const chunk of bundle.read(hexOf(digest))) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    const { mediaType, manifests: entries } = JSON.parse(bytes.toString()) as {
      mediaType?: string
      manifests?: unknown
    }
    const oci = entries ? 'index' : 'manifest'
    read.push({ digest, bytes, mediaType: mediaType ?? `application/vnd.oci.image.${oci}.v1+json` })
  }
  return read
}
