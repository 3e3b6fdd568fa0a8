/** Folders where a user said, which may be anywhere. */
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * `mkdir -p`. Node's own recursive mkdir never ends where a file system answers ENOENT to a name in a folder that
 * is there, as /proc does; this one throws the answer.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const missing = [path]
  for (let at = path; ; at = dirname(at)) {
    const failure = await tryMake(at, mode)
    if (failure === undefined) break
    if (failure.code !== 'ENOENT' || dirname(at) === at) throw failure
    missing.push(dirname(at))
  }
  // The last one is there by now: what still answers ENOENT below it will go on to.
  for (const folder of missing.reverse().slice(1)) {
    const failure = await tryMake(folder, mode)
    if (failure) throw failure
  }
}

async function tryMake(path: string, mode?: number): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path, mode)
    return undefined
  } catch (thrown) {
    const failure = thrown as NodeJS.ErrnoException
    return failure.code === 'EEXIST' && (await isFolder(path)) ? undefined : failure
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false
}
