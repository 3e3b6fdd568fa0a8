/** How much room a disk has. */
import { statfs } from 'node:fs/promises'

/** What this user may still write to the disk of a folder; undefined where nobody tells, as for file systems that count no blocks. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  const disk = await statfs(folder).catch(() => undefined)
  return disk && disk.blocks > 0 ? disk.bavail * disk.bsize : undefined
}
