/** Small bundles for tests: a file, and an image of one layer. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { digestOfBytes } from '../lib/registry/manifest.ts'
import { type BundleIndex, FORMAT, hexOf } from './index-file.ts'

export const FILE = Buffer.alloc(5000, 'a pinned file ')
export const LAYER = Buffer.alloc(70_000, 'layer ')
const CONFIG = Buffer.from(
  JSON.stringify({ architecture: 'amd64', config: { Labels: { 'devenv/source': 'abc' } } }),
)
const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json'
export const MANIFEST = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: 'application/json', digest: digestOfBytes(CONFIG), size: CONFIG.length },
    layers: [{ mediaType: 'application/gzip', digest: digestOfBytes(LAYER), size: LAYER.length }],
  }),
)

export const IMAGE = 'ghcr.io/team/api:sha-1234567'

export const CONTENTS = new Map([FILE, MANIFEST, CONFIG, LAYER].map((bytes) => [hash(bytes), bytes]))

export const INDEX: BundleIndex = {
  apiVersion: 'devenv/v1',
  kind: 'Bundle',
  format: FORMAT,
  platform: 'linux-amd64',
  size: 'lite',
  versions: { k3d: 'v1' },
  files: [{ title: 'k3d v1', url: 'https://example.com/v1/k3d', sha256: hash(FILE) }],
  trees: [],
  images: [
    { image: IMAGE, into: 'mirror', digest: digestOfBytes(MANIFEST), manifests: [digestOfBytes(MANIFEST)] },
  ],
  parts: [
    { sha256: hash(FILE), size: FILE.length, of: 'k3d v1' },
    { sha256: hexOf(digestOfBytes(MANIFEST)), size: MANIFEST.length, of: IMAGE },
    { sha256: hash(CONFIG), size: CONFIG.length, of: IMAGE },
    { sha256: hash(LAYER), size: LAYER.length, of: IMAGE },
  ],
}

export function contentOf({ sha256 }: { sha256: string }): Promise<Readable> {
  return Promise.resolve(Readable.from([CONTENTS.get(sha256)]))
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
