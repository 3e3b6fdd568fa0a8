/** One devenv at a time per environment: a lock that a crash cannot leave behind for long. */
import { dirname } from 'node:path'
import { DevenvError } from './errors.ts'
import { ensureDir } from './paths.ts'

const STALE_MS = 10_000

/** Whether a devenv works on the folder at this moment. */
export async function isLocked(folder: string): Promise<boolean> {
  const { check } = await import('proper-lockfile')
  return check(folder, { stale: STALE_MS, realpath: false, lockfilePath: `${folder}.lock` })
}

/** Takes the lock of a folder, or throws BUSY at once. Dispose to give it back. */
export async function lockFolder(folder: string, what: string): Promise<AsyncDisposable> {
  // Beside the folder, not in it: a run that ends in its preflight leaves no empty folder.
  await ensureDir(dirname(folder))
  const { lock } = await import('proper-lockfile')
  try {
    const release = await lock(folder, { stale: STALE_MS, realpath: false, lockfilePath: `${folder}.lock` })
    return { [Symbol.asyncDispose]: () => release().catch(() => undefined) }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ELOCKED') throw thrown
    throw new DevenvError('BUSY', `another devenv works on ${what} right now`, {
      cause: thrown,
      fix: `Wait until it has ended (npm run status shows it); after a crash the lock ends by itself within ${STALE_MS / 1000} s.`,
    })
  }
}
