/** Files of ConfigMap-like volumes, replaced all at once by a swap of the `..data` link (pkg/volume/util). */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

export interface VolumeFile {
  data: Buffer
  mode: number
}

/** Makes `folder` hold exactly `files` (path → content). Does nothing when it does already. */
export function writeVolume(folder: string, files: Map<string, VolumeFile>): void {
  mkdirSync(folder, { recursive: true })
  const current = dataFolder(folder)
  if (current && isSame(current, files)) return
  const next = mkdtempSync(join(folder, '..version_'))
  chmodSync(next, 0o755)
  for (const [path, file] of files) {
    const target = join(next, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, file.data)
    // Set apart from the write: the umask must not take bits away.
    chmodSync(target, file.mode)
  }
  symlinkSync(next.slice(folder.length + 1), join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  linkEntries(folder, new Set([...files.keys()].map((path) => path.split('/')[0]!)))
  if (current) rmSync(current, { recursive: true, force: true })
}

function dataFolder(folder: string): string | undefined {
  try {
    return join(folder, readlinkSync(join(folder, '..data')))
  } catch {
    return undefined
  }
}

function isSame(current: string, files: Map<string, VolumeFile>): boolean {
  const paths = readdirSync(current, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(current.length + 1))
  return (
    paths.length === files.size &&
    paths.every((path) => files.get(path)?.data.equals(readFileSync(join(current, path))) === true)
  )
}

/** Top-level names are links through `..data`, so that a swap changes them all. */
function linkEntries(folder: string, names: Set<string>): void {
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith('..') && !names.has(entry)) rmSync(join(folder, entry))
    names.delete(entry)
  }
  for (const name of names) symlinkSync(join('..data', name), join(folder, name))
}
