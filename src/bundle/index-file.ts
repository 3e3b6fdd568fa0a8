/** The first entry of a bundle: what is in it, with the digest of every part. */
import { z } from 'zod'
import { DevenvError } from '../lib/errors.ts'
import { tarHeader } from '../lib/tar.ts'

export const FORMAT = 1
export const INDEX_NAME = 'index.json'
/** An index has some ten kilobytes; more is somebody else's file. */
export const LARGEST_INDEX = 4 * 1024 * 1024

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)

const imageSchema = z.strictObject({
  /** As manifests and the lock file name it. */
  image: z.string(),
  /** Containers beside the cluster and the node itself are the engine's; pods ask the mirrors. */
  into: z.enum(['engine', 'mirror']),
  /** What the tag pointed to when the bundle was made. */
  digest,
  /** Manifests by digest, the one that gets the name last. */
  manifests: z.array(digest).min(1),
})

export const indexSchema = z.strictObject({
  apiVersion: z.literal('devenv/v1'),
  kind: z.literal('Bundle'),
  format: z.int(),
  /** `linux-amd64`. */
  platform: z.string(),
  size: z.enum(['full', 'lite']),
  /** What an environment needs them for, with versions: `Argo CD` → `v3.5.1`. */
  versions: z.record(z.string(), z.string()),
  /** Pinned files, for the download cache. */
  files: z.array(z.strictObject({ title: z.string(), url: z.url(), sha256 })),
  /** Folders of the cache, each packed as a tar.gz. */
  trees: z.array(z.strictObject({ title: z.string(), folder: z.string().regex(/^[\w.+~/-]+$/), sha256 })),
  images: z.array(imageSchema),
  /** In the order of the archive. */
  parts: z.array(
    z.strictObject({
      sha256,
      size: z.int().nonnegative(),
      /** What needs it, for people: the first of them. */
      of: z.string(),
    }),
  ),
})

export type BundleIndex = z.output<typeof indexSchema>
export type BundledImage = z.output<typeof imageSchema>
export type Part = BundleIndex['parts'][number]

/** Where a part is in the archive. */
export function partName({ sha256: name }: Part): string {
  return `parts/${name}`
}

/** The digest's hex part. */
export function hexOf(of: string): string {
  return of.replace(/^sha256:/, '')
}

/** The index of a file that begins with one. Throws BUNDLE_INVALID for what is none, or of a newer format. */
export function parseIndex(text: string, path: string): BundleIndex {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (thrown) {
    throw noBundle(path, 'its index is no JSON', thrown)
  }
  const { kind, format } = (found ?? {}) as { kind?: unknown; format?: unknown }
  if (kind !== 'Bundle') throw noBundle(path, 'its index is of something else')
  if (format !== FORMAT)
    throw new DevenvError(
      'BUNDLE_INVALID',
      `${path} has format ${format}, this devenv reads format ${FORMAT}`,
      {
        fix: 'Use the checkout that made it, or make it again with npm run bundle -- save.',
      },
    )
  const parsed = indexSchema.safeParse(found)
  if (!parsed.success)
    throw noBundle(
      path,
      `its index is damaged: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
    )
  return parsed.data
}

/** The archive's first bytes: the header of the index, and the index. */
export function indexEntry(index: BundleIndex): { header: Buffer; content: Buffer } {
  const content = Buffer.from(`${JSON.stringify(index)}\n`)
  return { header: tarHeader({ name: INDEX_NAME, size: content.length }), content }
}

export function noBundle(path: string, why: string, cause?: unknown): DevenvError {
  return new DevenvError('BUNDLE_INVALID', `${path} is no bundle of devenv: ${why}`, {
    cause,
    fix: 'Make one with npm run bundle -- save FILE.',
  })
}
