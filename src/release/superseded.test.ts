import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { COMMITTER, git } from '../lib/git.ts'
import { commitTag } from './commit-tag.ts'
import { containsRelease } from './superseded.ts'

const file = 'production/values.yaml'
let root: string
let repository: string
let first: string
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'devenv-superseded-test-'))
  repository = join(root, 'stack.git')
  const tree = join(root, 'tree')
  mkdirSync(join(tree, 'production'), { recursive: true })
  writeFileSync(join(tree, file), 'core-api:\n  image:\n    tag: one\nfrontend:\n  image:\n    tag: one\n')
  await git(['init', '--quiet', '--bare', '--initial-branch=main', repository])
  await git(['init', '--quiet', '--initial-branch=main'], { cwd: tree })
  await git(['add', '.'], { cwd: tree })
  await git(['commit', '--quiet', '-m', 'stack'], { cwd: tree, env: COMMITTER })
  await git(['push', '--quiet', repository, 'main'], { cwd: tree })
  first = await git(['rev-parse', 'HEAD'], { cwd: tree })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function release(component: string, tag: string) {
  const request = { repository, branch: 'main', component, tag }
  return { ...request, ...(await commitTag({ ...request, files: [file] })) }
}

it('is not in the revision before it, and in one on top that leaves its tag', async () => {
  const mine = await release('core-api', 'two')
  const other = await release('frontend', 'two')
  expect(await containsRelease(mine, first)).toBe(false)
  expect(await containsRelease(mine, other.commit)).toBe(true)
})

it('ends with the name of the tag that took its place', async () => {
  const mine = await release('core-api', 'two')
  const other = await release('core-api', 'three')
  await expect(containsRelease(mine, other.commit)).rejects.toMatchObject({
    code: 'REPO_CONFLICT',
    message: `core-api two was merged as ${mine.commit.slice(0, 7)}, and main has three since ${other.commit.slice(0, 7)}: somebody released after you`,
  })
})
