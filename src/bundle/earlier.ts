/**
 * What an earlier, cut-off try with another index has left: images that were built again since have other layers, the
 * rest is as it was and need not be fetched again.
 */
import { rename, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Part } from './index-file.ts'
import { openBundle } from './read.ts'

export interface Earlier extends AsyncDisposable {
  /** The content of a part, if it may be there; who reads it checks it. */
  find(part: Part): Readable | undefined
  /** To be called when nothing of it is needed any more. */
  forget(): Promise<void>
}

/** Puts an unfinished file aside as a source of parts; of two the longer one is kept. */
export async function setAside(unfinished: string): Promise<void> {
  const aside = asidePath(unfinished)
  const sizeOf = async (path: string) => (await stat(path).catch(() => undefined))?.size ?? -1
  if ((await sizeOf(unfinished)) > (await sizeOf(aside))) await rename(unfinished, aside)
}

/** The file that was put aside; one that cannot be read has nothing to offer. */
export async function openEarlier(unfinished: string): Promise<Earlier> {
  const aside = asidePath(unfinished)
  const bundle = await openBundle(aside).catch(() => undefined)
  return {
    find: (part) => (bundle?.has(part.sha256) ? bundle.read(part.sha256) : undefined),
    forget: () => rm(aside, { force: true }),
    [Symbol.asyncDispose]: async () => bundle?.[Symbol.asyncDispose](),
  }
}

function asidePath(unfinished: string): string {
  return `${unfinished}.earlier`
}
