/** How much is in a folder. */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of all files below the path; 0 when it is not there. */
export async function folderBytes(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(
      async (file) => (await lstat(join(file.parentPath, file.name)).catch(() => undefined))?.size ?? 0,
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
