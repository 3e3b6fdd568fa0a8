/** Tells when a repository's branches or tags move: by file notification, so that waiting costs nothing. */
import { basename, dirname, join } from 'node:path'
import type { Clock, Timer } from '../../lib/clock.ts'
import { follow } from './follow.ts'

/** A push touches several files within a moment. */
const SETTLE_MS = 20
const TOP_FILES = new Set(['HEAD', 'packed-refs'])

/**
 * Calls `changed` shortly after each change of refs, HEAD or packed-refs, and when the repository goes or comes
 * back. Where the system has no notification to give, nothing is called: whoever needs certainty polls beside it.
 */
export function watchRefs(gitDir: string, clock: Clock, changed: () => void): Disposable {
  let timer: Timer | undefined
  const touched = () => {
    timer?.cancel()
    timer = clock.after(SETTLE_MS, changed)
  }
  let inside: Disposable[] = []
  // Watches stay with a folder that is moved away: another one in its place needs its own.
  const begin = () => {
    for (const watch of inside) watch[Symbol.dispose]()
    inside = [
      follow(gitDir, { recursive: false }, (file) => {
        // Of a repository that is being made, refs may come after the folder.
        if (file === 'refs') begin()
        if (file === null || file === 'refs' || TOP_FILES.has(file)) touched()
      }),
      // Remote-tracking branches move with every fetch of a working copy, and nobody syncs from them.
      follow(join(gitDir, 'refs'), { recursive: true, ignore: new Set(['remotes']) }, (file) => {
        // The lock file is there before the new value is.
        if (!file?.endsWith('.lock')) touched()
      }),
    ]
  }
  begin()
  const outside = placesOf(gitDir).map((place) =>
    follow(dirname(place), { recursive: false }, (file) => {
      if (file !== basename(place)) return
      begin()
      touched()
    }),
  )
  return {
    [Symbol.dispose]() {
      timer?.cancel()
      for (const watch of [...inside, ...outside]) watch[Symbol.dispose]()
    },
  }
}

/** The folders whose going takes the repository along: its own, and a working copy's. */
function placesOf(gitDir: string): string[] {
  return basename(gitDir) === '.git' ? [gitDir, dirname(gitDir)] : [gitDir]
}
