/** Writes a bundle: parts in the order of the index, each checked as it comes; goes on where an earlier try ended. */
import { createHash } from 'node:crypto'
import { access, constants, type FileHandle, open, rename, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { DevenvError, EXIT, messageOf } from '../lib/errors.ts'
import { ending, HEADER_BYTES, padding, tarHeader } from '../lib/tar.ts'
import { type Earlier, openEarlier, setAside } from './earlier.ts'
import { type BundleIndex, indexEntry, partName } from './index-file.ts'
import { layoutOf, type PlacedPart } from './layout.ts'
import { isWhole } from './read.ts'

const ATTEMPTS = 3
const WORTH_TELLING = 1_000_000

export interface WriteOptions {
  /** Opens a part where it is: a file, a registry. */
  source: (part: PlacedPart) => Promise<Readable>
  onProgress: (what: string) => void
  signal: AbortSignal
}

export interface Written {
  bytes: number
  /** Parts that an earlier try had written. */
  kept: number
}

/** The file appears under its name when it is whole; until then it is `FILE.part`, which the next call completes. */
export async function writeBundle(path: string, index: BundleIndex, options: WriteOptions): Promise<Written> {
  const part = `${path}.part`
  const { parts, bytes } = layoutOf(index)
  try {
    await checkRoom(path, part, bytes)
    if (!(await beginsWith(part, index))) await setAside(part)
    await using earlier = await openEarlier(part)
    await using file = await openOrMake(part)
    let taken = 0
    const kept = await wholeParts(file, index, parts)
    if (kept > 0) options.onProgress(`${kept} of ${parts.length} parts are in ${part} already`)
    else await begin(file, index)
    for (const [place, one] of parts.entries()) {
      if (place < kept) continue
      if (await takeOver(file, one, earlier, options.signal)) {
        taken++
        continue
      }
      // Most parts are a few kilobytes: nobody wants to read of them.
      if (one.size > WORTH_TELLING)
        options.onProgress(
          `${one.of}: ${inMb(one.size)}, ${Math.floor((one.at / bytes) * 100)} % of ${inMb(bytes)} written`,
        )
      await writePart(file, one, options)
    }
    await file.write(ending(), 0, undefined, bytes - ending().length)
    await file.truncate(bytes)
    await file.sync()
    await rename(part, path)
    await earlier.forget()
    return { bytes, kept: kept + taken }
  } catch (thrown) {
    if (options.signal.aborted)
      throw new DevenvError('INTERRUPTED', `interrupted: ${part} is kept`, {
        fix: 'Run the command again: it goes on where this one ended.',
      })
    throw unwritable(part, thrown)
  }
}

/** Asked before anything is fetched or built for it: STATE_UNWRITABLE where the file cannot be made. */
export async function checkTarget(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK)
    if ((await stat(path).catch(() => undefined))?.isDirectory())
      throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' })
  } catch (thrown) {
    throw unwritable(path, thrown)
  }
}

/** What an unfinished file takes already is taken for bytes of this one: most of them are. */
async function checkRoom(path: string, part: string, bytes: number): Promise<void> {
  const disk = await statfs(dirname(path)).catch(() => undefined)
  const taken = (await stat(part).catch(() => undefined))?.size ?? 0
  // A file system that counts no blocks tells nothing.
  if (!disk || disk.blocks === 0 || disk.bavail * disk.bsize + taken >= bytes) return
  const free = inMb(disk.bavail * disk.bsize)
  throw new DevenvError(
    'STATE_UNWRITABLE',
    `the disk of ${dirname(path)} has ${free} free; ${inMb(bytes - taken)} of the bundle are to be written`,
    { fix: 'Free some space on that disk, or write the bundle to another one.' },
  )
}

async function openOrMake(path: string): Promise<FileHandle> {
  await (await open(path, 'a')).close()
  return open(path, 'r+')
}

/** Whether an unfinished file is of this index; a file that is not there is of none. */
async function beginsWith(path: string, index: BundleIndex): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return false
  try {
    return await hasIndex(file, index)
  } finally {
    await file.close()
  }
}

async function hasIndex(file: FileHandle, index: BundleIndex): Promise<boolean> {
  const { header, content } = indexEntry(index)
  const wanted = Buffer.concat([header, content])
  const found = Buffer.alloc(wanted.length)
  await file.read(found, 0, found.length, 0)
  return found.equals(wanted)
}

async function begin(file: FileHandle, index: BundleIndex): Promise<void> {
  const { header, content } = indexEntry(index)
  await file.truncate(0)
  await file.write(Buffer.concat([header, content, padding(content.length)]), 0, undefined, 0)
}

/** How many parts at the beginning of the file are those of this index. */
async function wholeParts(file: FileHandle, index: BundleIndex, parts: PlacedPart[]): Promise<number> {
  if (!(await hasIndex(file, index))) return 0
  for (const [place, part] of parts.entries()) if (!(await isWhole(file, part))) return place
  return parts.length
}

/** A part of an earlier try, if it is whole there. */
async function takeOver(
  file: FileHandle,
  part: PlacedPart,
  earlier: Earlier,
  signal: AbortSignal,
): Promise<boolean> {
  const from = earlier.find(part)
  if (!from) return false
  try {
    await writePart(file, part, { source: async () => from, signal, onProgress: () => undefined }, 1)
    return true
  } catch (thrown) {
    if (signal.aborted || (thrown as NodeJS.ErrnoException).code === 'ENOSPC') throw thrown
    return false
  }
}

async function writePart(
  file: FileHandle,
  part: PlacedPart,
  { source, signal, onProgress }: WriteOptions,
  attempts = ATTEMPTS,
): Promise<void> {
  await file.write(tarHeader({ name: partName(part), size: part.size }), 0, undefined, part.at)
  for (let attempt = 1; ; attempt++) {
    try {
      await copyPart(file, part, await source(part), signal)
      break
    } catch (thrown) {
      if (attempt >= attempts || signal.aborted || isFinal(thrown)) throw thrown
      onProgress(`${part.of}: ${messageOf(thrown)}; trying again`)
    }
  }
  await file.write(padding(part.size), 0, undefined, part.at + HEADER_BYTES + part.size)
}

async function copyPart(
  file: FileHandle,
  part: PlacedPart,
  from: Readable,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256')
  let got = 0
  for await (const chunk of from as AsyncIterable<Buffer>) {
    signal.throwIfAborted()
    await file.write(chunk, 0, undefined, part.at + HEADER_BYTES + got)
    hash.update(chunk)
    got += chunk.length
    if (got > part.size) break
  }
  if (got !== part.size)
    throw new DevenvError('DOWNLOAD_FAILED', `${part.of}: it ended after ${got} of ${part.size} bytes`, {
      fix: 'Run the command again: it goes on where this one ended.',
    })
  const found = hash.digest('hex')
  if (found !== part.sha256)
    throw new DevenvError('CHECKSUM_MISMATCH', `${part.of} is not what its digest says`, {
      fix: `Expected ${part.sha256}, got ${found}: a mirror or a proxy may have answered something else.`,
    })
}

/** A full disk does not get better by trying again. */
function isFinal(thrown: unknown): boolean {
  return (
    (thrown as NodeJS.ErrnoException).code === 'ENOSPC' ||
    (thrown as DevenvError).code === 'CHECKSUM_MISMATCH'
  )
}

function unwritable(path: string, thrown: unknown): unknown {
  if (thrown instanceof DevenvError) return thrown
  const { code } = thrown as NodeJS.ErrnoException
  if (!code?.startsWith('E')) return thrown
  const message = `cannot write ${path}: ${messageOf(thrown)}`
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new DevenvError('STATE_UNWRITABLE', message, {
      cause: thrown,
      // What is written so far is there.
      exitCode: EXIT.failed,
      fix: 'Free some space on that disk, or write the bundle to another one; what is written is kept.',
    })
  return new DevenvError('STATE_UNWRITABLE', message, {
    cause: thrown,
    fix: 'Give a path that is yours to write.',
  })
}

export function inMb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
