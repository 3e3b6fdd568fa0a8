/** A release in git, as team1's CI makes it: a branch, a commit on it, a merge into the branch that is synced. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { COMMITTER, git } from '../lib/git.ts'
import { lastWords } from './git-words.ts'
import { setTag, syntaxError, taggedComponents } from './set-tag.ts'

export interface ReleaseRequest {
  /** URL or folder that can be pushed to. */
  repository: string
  branch: string
  /** Values files to look in, relative to the repository's root; the first that has the component's tag is changed. */
  files: string[]
  component: string
  tag: string
}

export interface Released {
  /** Head of the branch afterwards. */
  commit: string
  file: string
  previous: string
  /** False when the tag was there already. */
  changed: boolean
}

/** Others may push between our fetch and our push: then it is done again on top of theirs. */
const ATTEMPTS = 5
const REJECTED = /non-fast-forward|fetch first|failed to update ref|cannot lock ref|incorrect old value/

/**
 * Commits and pushes. Throws USAGE for a component without a tag, REPO_UNREACHABLE when the repository cannot be
 * cloned, REPO_CONFLICT when it refuses the push.
 */
export async function commitTag(request: ReleaseRequest): Promise<Released> {
  const { repository, branch } = request
  const scratch = await mkdtemp(join(tmpdir(), 'devenv-release-'))
  const tree = join(scratch, 'tree')
  try {
    await clone(repository, branch, tree)
    for (let attempt = 1; ; attempt++) {
      const { file, text, previous } = await change(request, tree)
      if (previous === request.tag) return { commit: await headOf(tree), file, previous, changed: false }
      await writeFile(join(tree, file), text)
      const { change: changed, merge } = await commitAndMerge(request, tree, file, previous)
      const refs = [`${merge}:refs/heads/${branch}`, `+${changed}:refs/heads/${releaseBranch(request)}`]
      try {
        await git(['push', '--quiet', '--atomic', 'origin', ...refs], { cwd: tree })
        return { commit: merge, file, previous, changed: true }
      } catch (thrown) {
        if (!REJECTED.test(messageOf(thrown)) || attempt === ATTEMPTS) throw refused(request, thrown)
        await git(['fetch', '--quiet', 'origin', branch], { cwd: tree })
        await git(['reset', '--quiet', '--hard', `origin/${branch}`], { cwd: tree })
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function releaseBranch({ component, tag }: ReleaseRequest): string {
  return `release/${component}-${tag}`
}

async function clone(repository: string, branch: string, tree: string): Promise<void> {
  try {
    await git(['clone', '--quiet', '--single-branch', '--branch', branch, '--', repository, tree])
  } catch (thrown) {
    throw new DevenvError(
      'REPO_UNREACHABLE',
      `cannot clone ${branch} of ${repository}: ${lastWords(thrown)}`,
      {
        cause: thrown,
        fix: 'Nothing was changed. Check the address and your access: git clone must work without asking for a password.',
      },
    )
  }
}

async function change({ files, component, tag }: ReleaseRequest, tree: string) {
  const known: string[] = []
  for (const file of files) {
    const text = await readFile(join(tree, file), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const broken = syntaxError(text)
    if (broken) {
      throw new DevenvError('CHART_INVALID', `${file} is no YAML that can be read: ${broken}`, {
        fix: 'Correct it in git first; nothing was changed, and what was synced last keeps running.',
      })
    }
    const changed = setTag(text, component, tag)
    if (changed) return { file, ...changed }
    known.push(...taggedComponents(text))
  }
  throw new DevenvError('USAGE', `${component}: ${files.join(' and ')} has no ${component}.image.tag`, {
    fix: known.length > 0 ? `There are: ${known.join(', ')}.` : 'The values file must have NAME.image.tag.',
  })
}

/** The change on the release's branch, and the merge of it: two commits with the same files. Answers their ids. */
async function commitAndMerge(
  request: ReleaseRequest,
  tree: string,
  file: string,
  previous: string,
): Promise<{ change: string; merge: string }> {
  const { component, tag } = request
  const at = { cwd: tree, env: COMMITTER }
  const message = `Merge ${releaseBranch(request)}`
  await git(['commit', '--quiet', '-m', `${component}: ${tag}\n\nbefore: ${previous}`, '--', file], at)
  const merge = await git(['commit-tree', 'HEAD^{tree}', '-p', 'HEAD^', '-p', 'HEAD', '-m', message], at)
  return { change: await headOf(tree), merge }
}

function headOf(tree: string): Promise<string> {
  return git(['rev-parse', 'HEAD'], { cwd: tree })
}

function refused({ repository, branch }: ReleaseRequest, thrown: unknown): DevenvError {
  const text = messageOf(thrown)
  const fix = /denyCurrentBranch|checked out/.test(text)
    ? 'That branch is checked out there: commit the tag in that folder yourself.'
    : REJECTED.test(text)
      ? 'Somebody else pushes all the time: try again. Nothing was changed.'
      : 'Nothing was changed, and what was released last keeps running. Ask for the right to push there, or release in the way that its rules allow.'
  return new DevenvError(
    'REPO_CONFLICT',
    `${repository} refuses the push to ${branch}: ${lastWords(thrown)}`,
    {
      cause: thrown,
      fix,
    },
  )
}
