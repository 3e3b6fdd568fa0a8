/** Where everything of a bundle is in its file: decided by the index alone. */
import { entryBytes } from '../lib/tar.ts'
import { type BundleIndex, indexEntry, type Part } from './index-file.ts'

const END = 1024

export interface PlacedPart extends Part {
  /** Of its header in the file. */
  at: number
}

/** The parts with their places, and the size of the whole file. */
export function layoutOf(index: BundleIndex): { parts: PlacedPart[]; bytes: number } {
  let at = entryBytes(indexEntry(index).content.length)
  const parts = index.parts.map((part) => {
    const placed = { ...part, at }
    at += entryBytes(part.size)
    return placed
  })
  return { parts, bytes: at + END }
}
