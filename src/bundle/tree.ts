/** A folder of the cache as one compressed file, and back: modes and links are kept, a half one is never seen. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { ensureDir } from '../lib/paths.ts'

/** Packs a folder into a new file below `into`. The same folder gives the same bytes. */
export async function packTree(folder: string, into: string): Promise<string> {
  const { pack } = await import('tar-fs')
  await ensureDir(into)
  const path = join(into, `${basename(folder)}.tar.gz`)
  // Whose files they were on one machine means nothing on another.
  const entries = pack(folder, {
    sort: true,
    map: (header: object) => ({ ...header, uid: 0, gid: 0 }),
  } as never)
  await pipeline(entries, createGzip({ level: 6 }), createWriteStream(path, { mode: 0o600 }))
  return path
}

/** Unpacks what `packTree` made as a new folder; one that is there is kept. */
export async function unpackTree(packed: Readable, folder: string): Promise<boolean> {
  if (await stat(folder).catch(() => undefined)) return false
  const { extract } = await import('tar-fs')
  await ensureDir(dirname(folder))
  const work = await mkdtemp(join(dirname(folder), '.unpack-'))
  try {
    const tree = join(work, 'tree')
    await pipeline(packed, createGunzip(), extract(tree))
    await rename(tree, folder)
    return true
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
