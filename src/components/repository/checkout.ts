/** A repository's files at a revision, for a moment: to see whether it can be had, and what it holds. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DevenvError, messageOf } from '../../lib/errors.ts'
import { git } from '../../lib/git.ts'

const CLONE_TIMEOUT_MS = 120_000

/** Clones into a folder that is removed once `use` has ended. Throws REPO_UNREACHABLE with git's own words. */
export async function withCheckout<T>(
  { url, revision }: { url: string; revision: string },
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'devenv-clone-'))
  try {
    const folder = join(scratch, 'tree')
    try {
      await git(['clone', '--quiet', '--no-checkout', '--', url, folder], { timeoutMs: CLONE_TIMEOUT_MS })
      const commit = await resolve(folder, revision)
      await git(['checkout', '--quiet', '--detach', commit], { cwd: folder })
    } catch (thrown) {
      throw new DevenvError('REPO_UNREACHABLE', `cannot read ${revision} of ${url}: ${messageOf(thrown)}`, {
        cause: thrown,
        fix: 'Check the address, the revision and your access (git clone must work without asking for a password).',
      })
    }
    return await use(folder)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** As Argo CD looks for a revision: branch, then tag, then commit. */
async function resolve(folder: string, revision: string): Promise<string> {
  for (const name of [`refs/remotes/origin/${revision}`, `refs/tags/${revision}`]) {
    const id = await git(['rev-parse', '--verify', '--quiet', `${name}^{commit}`], { cwd: folder }).catch(
      () => undefined,
    )
    if (id) return id
  }
  return git(['rev-parse', '--verify', `${revision}^{commit}`], { cwd: folder })
}
