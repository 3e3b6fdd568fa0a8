/** The environment's own GitOps repository: a bare one that follows the stack's folder, and keeps what people commit. */
import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DevenvError, messageOf } from '../../lib/errors.ts'
import { COMMITTER, git } from '../../lib/git.ts'

export interface SeedOptions {
  /** Folder of the bare repository; made when it is not there. */
  repository: string
  /** Folder whose files are committed. */
  folder: string
  /** Only these folders below it. */
  only: string[]
  /** Where they are in the repository: `production`; empty for its root. */
  path: string
  branch: string
}

export interface Seeded {
  /** Head of the branch. */
  commit: string
  outcome: 'made' | 'unchanged' | 'updated'
}

/** The last state of the folder that was committed: the base of the next merge. */
const SEED_REF = 'refs/devenv/seed'

/**
 * Commits the folder to the repository. What people committed there stays: later states of the folder are merged,
 * as a vendor branch is. Throws REPO_CONFLICT, with the files, when both changed the same lines.
 */
export async function seedRepository(options: SeedOptions): Promise<Seeded> {
  const { repository, branch } = options
  await mkdir(dirname(repository), { recursive: true, mode: 0o700 })
  await git(['init', '--quiet', '--bare', `--initial-branch=${branch}`, repository])
  const inside = (args: string[]) => git([`--git-dir=${repository}`, ...args], { env: COMMITTER })
  const [tree, seed, head] = await Promise.all([
    treeOf(options),
    parse(inside, `${SEED_REF}^{commit}`),
    parse(inside, `refs/heads/${branch}^{commit}`),
  ])
  if (head && seed && (await inside(['rev-parse', `${seed}^{tree}`])) === tree)
    return { commit: head, outcome: 'unchanged' }
  const subject = head ? 'The stack, as it is now in its folder' : 'The stack'
  const next = await inside(['commit-tree', tree, ...(seed ? ['-p', seed] : []), '-m', subject])
  const commit = head ? await merge(inside, head, next, options) : next
  // The old values make a commit that somebody adds at this moment fail this one instead of being lost.
  await inside(['update-ref', `refs/heads/${branch}`, commit, head ?? ''])
  await inside(['update-ref', SEED_REF, next, seed ?? ''])
  return { commit, outcome: head ? 'updated' : 'made' }
}

type Inside = (args: string[]) => Promise<string>

/** Id of a tree that has the folder's files below `path`. */
async function treeOf({ repository, folder, only, path }: SeedOptions): Promise<string> {
  const index = `${repository}/devenv-seed-${process.pid}.index`
  const env = { GIT_INDEX_FILE: index }
  try {
    // Forced: an ignore file of the stack's own checkout must not decide what the environment runs.
    const files = [`--git-dir=${repository}`, `--work-tree=${folder}`]
    await git([...files, 'add', '--all', '--force', '--', ...only], { cwd: folder, env })
    let tree = await git([`--git-dir=${repository}`, 'write-tree'], { env })
    for (const name of path.split('/').filter(Boolean).reverse()) {
      tree = await git([`--git-dir=${repository}`, 'mktree'], { input: `040000 tree ${tree}\t${name}\n` })
    }
    return tree
  } finally {
    await rm(index, { force: true })
  }
}

async function parse(inside: Inside, name: string): Promise<string | undefined> {
  return inside(['rev-parse', '--verify', '--quiet', name]).catch(() => undefined)
}

async function merge(
  inside: Inside,
  head: string,
  next: string,
  { repository, branch }: SeedOptions,
): Promise<string> {
  let tree: string
  try {
    tree = await inside(['merge-tree', '--write-tree', '--no-messages', head, next])
  } catch (thrown) {
    throw new DevenvError(
      'REPO_CONFLICT',
      `the stack's folder and the commits on ${branch} of ${repository} changed the same lines:\n${messageOf(thrown)}`,
      {
        cause: thrown,
        fix: `Take one of them back: git clone ${repository}, mend and push; or npm run down, which drops the commits.`,
      },
    )
  }
  return inside([
    'commit-tree',
    tree,
    '-p',
    head,
    '-p',
    next,
    '-m',
    `Merge the stack's folder into ${branch}`,
  ])
}
