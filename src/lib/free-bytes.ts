/** How much room a disk has. */
import { statfs } from 'node:fs/promises'

/** What this user may still write to the disk of a folder; undefined where there is no such folder. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  const disk = await statfs(folder).catch(() => undefined)
  return disk && disk.bavail * disk.bsize
}
