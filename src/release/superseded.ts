/** Whether a later revision of the repository still has a release in it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DevenvError } from '../lib/errors.ts'
import { git } from '../lib/git.ts'
import type { ReleaseResult } from './release.ts'
import { setTag } from './set-tag.ts'

/**
 * True when `revision` was made on top of the release and keeps its tag; false when it is an older one, or one that
 * cannot be read. Throws REPO_CONFLICT when it says another tag.
 */
export async function containsRelease(release: ReleaseResult, revision: string): Promise<boolean> {
  const { repository, branch, commit, file, component, tag } = release
  const bare = await mkdtemp(join(tmpdir(), 'devenv-release-'))
  let text: string
  try {
    await git(['clone', '--quiet', '--bare', '--single-branch', '--branch', branch, '--', repository, bare])
    const at = { cwd: bare }
    await git(['merge-base', '--is-ancestor', commit, revision], at)
    text = await git(['show', `${revision}:${file}`], at)
  } catch {
    return false
  } finally {
    await rm(bare, { recursive: true, force: true })
  }
  const present = setTag(text, component, tag)?.previous
  if (present === undefined || present === tag) return true
  throw new DevenvError(
    'REPO_CONFLICT',
    `${component} ${tag} was merged as ${commit.slice(0, 7)}, and ${branch} has ${present} since ${revision.slice(0, 7)}: somebody released after you`,
    { fix: `Nothing is broken: ${present} is what runs. Talk to them, or release ${tag} again.` },
  )
}
