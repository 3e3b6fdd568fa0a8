/** Follows a folder and everything below it by file notification. */
import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'

export interface FollowOptions {
  /** Also the folders below, those that come later included. */
  recursive: boolean
  /** Names of folders to leave out. */
  ignore?: ReadonlySet<string>
}

/**
 * Calls `seen` with the changed file's name (without its folder) or null. Where nothing can be watched, nothing is
 * called. One watch per folder on Linux: Node's own recursive watch loses files that are replaced by renaming.
 */
export function follow(
  folder: string,
  options: FollowOptions,
  seen: (file: string | null) => void,
): Disposable {
  const watchers = new Map<string, FSWatcher>()
  const native = options.recursive && (process.platform === 'darwin' || process.platform === 'win32')
  const add = (path: string) => {
    if (watchers.has(path) || !existsSync(path)) return
    const watcher = open(path, native, (file) => {
      if (options.recursive && !native) addBelow(path)
      seen(file)
    })
    if (!watcher) return
    watchers.set(path, watcher)
    watcher.on('close', () => watchers.delete(path))
    if (options.recursive && !native) addBelow(path)
  }
  const addBelow = (path: string) => {
    for (const name of foldersIn(path)) if (!options.ignore?.has(name)) add(join(path, name))
  }
  add(folder)
  return {
    [Symbol.dispose]() {
      for (const watcher of [...watchers.values()]) watcher.close()
    },
  }
}

/** Undefined when the system refuses: too many watches, say. */
function open(path: string, recursive: boolean, seen: (file: string | null) => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { recursive, persistent: false }, (_event, file) => seen(file))
    // A folder that is removed ends its watch.
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return undefined
  }
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  } catch {
    return []
  }
}
