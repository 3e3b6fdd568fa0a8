/** Tells when a repository's branches or tags move: by file notification, so that waiting costs nothing. */
import { join } from 'node:path'
import type { Clock, Timer } from '../../lib/clock.ts'
import { follow } from './follow.ts'

/** A push touches several files within a moment. */
const SETTLE_MS = 20
const TOP_FILES = new Set(['HEAD', 'packed-refs'])

/**
 * Calls `changed` shortly after each change of refs, HEAD or packed-refs. Where the system has no notification to
 * give, nothing is called: whoever needs certainty polls beside it.
 */
export function watchRefs(gitDir: string, clock: Clock, changed: () => void): Disposable {
  let timer: Timer | undefined
  const touched = () => {
    timer?.cancel()
    timer = clock.after(SETTLE_MS, changed)
  }
  const watches = [
    follow(gitDir, { recursive: false }, (file) => {
      if (file === null || TOP_FILES.has(file)) touched()
    }),
    // Remote-tracking branches move with every fetch of a working copy, and nobody syncs from them.
    follow(join(gitDir, 'refs'), { recursive: true, ignore: new Set(['remotes']) }, (file) => {
      // The lock file is there before the new value is.
      if (!file?.endsWith('.lock')) touched()
    }),
  ]
  return {
    [Symbol.dispose]() {
      timer?.cancel()
      for (const watch of watches) watch[Symbol.dispose]()
    },
  }
}
