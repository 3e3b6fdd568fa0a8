/** Image manifests as registries answer them: what an image is made of, and which one of an index fits a platform. */
import { createHash } from 'node:crypto'

const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]
const IMAGE_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]

/** For the Accept header. */
export const MANIFEST_TYPES = [...INDEX_TYPES, ...IMAGE_TYPES].join(', ')

export interface Descriptor {
  mediaType: string
  digest: string
  size: number
}

/** A manifest or an index, with its bytes: its digest is theirs. */
export interface Manifest {
  digest: string
  mediaType: string
  bytes: Buffer
}

export interface Platform {
  os: string
  architecture: string
}

/** Nodes are Linux, whatever machine the engine is on. */
export const NODE_PLATFORM: Platform = {
  os: 'linux',
  architecture: process.arch === 'x64' ? 'amd64' : process.arch,
}

/** `sha256:…` of bytes. */
export function digestOfBytes(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export function isIndex({ mediaType }: Pick<Manifest, 'mediaType'>): boolean {
  return INDEX_TYPES.includes(mediaType)
}

/** The manifest for a platform in an index, without attestations, which have the platform `unknown`. */
export function entryFor(index: Manifest, { os, architecture }: Platform): Descriptor | undefined {
  const { manifests = [] } = JSON.parse(index.bytes.toString()) as {
    manifests?: (Descriptor & { platform?: Platform })[]
  }
  return manifests.find(({ platform }) => platform?.os === os && platform.architecture === architecture)
}

/** The blobs of an image: its configuration first, then its layers. */
export function blobsOf(manifest: Manifest): [Descriptor, ...Descriptor[]] {
  const { config, layers = [] } = JSON.parse(manifest.bytes.toString()) as {
    config: Descriptor
    layers?: Descriptor[]
  }
  return [config, ...layers]
}
