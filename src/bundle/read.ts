/** Reads a bundle: everything is checked before anything of it is used. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { HEADER_BYTES, parseHeader } from '../lib/tar.ts'
import {
  type BundleIndex,
  hexOf,
  INDEX_NAME,
  LARGEST_INDEX,
  noBundle,
  parseIndex,
  partName,
} from './index-file.ts'
import { layoutOf, type PlacedPart } from './layout.ts'

const WORTH_TELLING = 1_000_000
const CHUNK = 1024 * 1024

export interface OpenBundle extends AsyncDisposable {
  index: BundleIndex
  bytes: number
  /** Reads every byte. Throws BUNDLE_INVALID where the file is cut off, CHECKSUM_MISMATCH where a part is another. */
  verify(onProgress: (what: string) => void, signal: AbortSignal): Promise<void>
  has(sha256: string): boolean
  /** The content of a part, by its sha256. */
  read(sha256: string): Readable
}

/** Opens a bundle and reads its index. Throws BUNDLE_INVALID for any other file. */
export async function openBundle(path: string): Promise<OpenBundle> {
  const file = await open(path, 'r').catch((thrown) => {
    throw new DevenvError('USAGE', `cannot read ${path}: ${messageOf(thrown)}`, { cause: thrown })
  })
  try {
    const index = parseIndex(await indexText(file, path), path)
    const { parts, bytes } = layoutOf(index)
    const places = new Map(parts.map((part) => [part.sha256, part]))
    const named = [
      ...index.files.map(({ sha256 }) => sha256),
      ...index.trees.map(({ sha256 }) => sha256),
      ...index.images.flatMap(({ manifests }) => manifests.map(hexOf)),
    ]
    const lacking = named.find((sha256) => !places.has(sha256))
    if (lacking) throw noBundle(path, `its index names ${lacking}, which is no part of it`)
    return {
      index,
      bytes,
      async verify(onProgress, signal) {
        const { size } = await file.stat()
        if (size < bytes) throw cutOff(path, size, bytes)
        if (size > bytes) throw noBundle(path, `it has ${size - bytes} bytes more than its index tells of`)
        let told = ''
        for (const part of parts) {
          signal.throwIfAborted()
          if (part.of !== told && part.size > WORTH_TELLING) onProgress(part.of)
          told = part.of
          if (!(await hasHeader(file, part)))
            throw noBundle(path, 'its parts are not where its index says; was it packed anew?')
          if (!(await isWhole(file, part))) throw damaged(path, part.of)
        }
      },
      has: (sha256) => places.has(sha256),
      read(sha256) {
        const part = places.get(sha256)
        if (!part) throw noBundle(path, `an image of it needs ${sha256}, which is no part of it`)
        if (part.size === 0) return Readable.from([])
        const start = part.at + HEADER_BYTES
        return createReadStream(path, { start, end: start + part.size - 1 })
      },
      [Symbol.asyncDispose]: () => file.close(),
    }
  } catch (thrown) {
    await file.close()
    throw thrown
  }
}

/** Whether a part is in the file, byte by byte. */
export async function isWhole(file: FileHandle, part: PlacedPart): Promise<boolean> {
  if (!(await hasHeader(file, part))) return false
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(part.size, 1)))
  for (let done = 0; done < part.size; ) {
    const { bytesRead } = await file.read(
      chunk,
      0,
      Math.min(chunk.length, part.size - done),
      part.at + HEADER_BYTES + done,
    )
    if (bytesRead === 0) return false
    hash.update(chunk.subarray(0, bytesRead))
    done += bytesRead
  }
  return hash.digest('hex') === part.sha256
}

async function hasHeader(file: FileHandle, part: PlacedPart): Promise<boolean> {
  const header = Buffer.alloc(HEADER_BYTES)
  await file.read(header, 0, HEADER_BYTES, part.at)
  const entry = parseHeader(header)
  return entry?.name === partName(part) && entry.size === part.size
}

async function indexText(file: FileHandle, path: string): Promise<string> {
  const header = Buffer.alloc(HEADER_BYTES)
  const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0)
  const compressed = header.readUInt16BE(0) === 0x1f8b || header.readUInt32BE(0) === 0x28b52ffd
  if (compressed) throw noBundle(path, 'it is compressed; unpack it to the .tar that it was')
  const entry = parseHeader(header)
  if (entry?.name !== INDEX_NAME)
    throw noBundle(path, bytesRead === 0 ? 'it is empty' : 'it does not begin with an index')
  if (entry.size > LARGEST_INDEX) throw noBundle(path, 'its index is too large')
  const content = Buffer.alloc(entry.size)
  const read = await file.read(content, 0, entry.size, HEADER_BYTES)
  if (read.bytesRead < entry.size) throw cutOff(path, HEADER_BYTES + read.bytesRead)
  return content.toString()
}

function cutOff(path: string, got: number, bytes?: number): DevenvError {
  return new DevenvError(
    'BUNDLE_INVALID',
    `${path} is cut off: it ends after ${got}${bytes ? ` of ${bytes}` : ''} bytes`,
    {
      fix: 'Copy it again, or make it again with npm run bundle -- save.',
    },
  )
}

function damaged(path: string, what: string): DevenvError {
  return new DevenvError('CHECKSUM_MISMATCH', `${path} is damaged: ${what} is not what the index says`, {
    fix: 'Nothing of it was used. Copy it again, or make it again with npm run bundle -- save.',
  })
}
