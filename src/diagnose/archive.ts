/** The report as one zip file. */
import { strToU8, zipSync } from 'fflate'

/** `files` below a folder of the archive's own name, so that unpacking makes one folder. */
export function zipOf(folder: string, files: Map<string, string>, modified: Date): Uint8Array {
  const entries = [...files].map(([path, content]) => [
    `${folder}/${path}`,
    [strToU8(content), { mtime: modified }],
  ])
  return zipSync(Object.fromEntries(entries), { level: 6 })
}
