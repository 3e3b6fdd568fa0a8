/** An image as `docker load` takes it: the blobs of a bundle in the order and under the names of that format. */
import { Readable } from 'node:stream'
import { blobsOf, type Descriptor, type Manifest } from '../lib/registry/manifest.ts'
import { ending, padding, tarHeader } from '../lib/tar.ts'

/** Layers stay compressed: engines unpack what they find. */
export function dockerArchive(
  image: string,
  manifest: Manifest,
  open: (digest: string) => Readable,
): Readable {
  const [config, ...layers] = blobsOf(manifest)
  const content = [{ Config: nameOf(config), RepoTags: [image], Layers: layers.map(nameOf) }]
  const list = Buffer.from(JSON.stringify(content))
  async function* archive(): AsyncGenerator<Buffer> {
    yield tarHeader({ name: 'manifest.json', size: list.length })
    yield list
    yield padding(list.length)
    // One that an image has twice is in the archive once.
    const blobs = new Map([config, ...layers].map((blob) => [blob.digest, blob]))
    for (const blob of blobs.values()) {
      yield tarHeader({ name: nameOf(blob), size: blob.size })
      yield* open(blob.digest) as AsyncIterable<Buffer>
      yield padding(blob.size)
    }
    yield ending()
  }
  return Readable.from(archive())
}

function nameOf({ digest }: Descriptor): string {
  return digest.replace(':', '-')
}
