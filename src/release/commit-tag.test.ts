import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { COMMITTER, git } from '../lib/git.ts'
import { commitTag } from './commit-tag.ts'

let root: string
let repository: string
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'devenv-release-test-'))
  repository = join(root, 'stack.git')
  const tree = join(root, 'tree')
  mkdirSync(join(tree, 'production'), { recursive: true })
  writeFileSync(
    join(tree, 'production/values.yaml'),
    'core-api:\n  image:\n    tag: one\nfrontend:\n  image:\n    tag: one\n',
  )
  await git(['init', '--quiet', '--bare', '--initial-branch=main', repository])
  await git(['init', '--quiet', '--initial-branch=main'], { cwd: tree })
  await git(['add', '.'], { cwd: tree })
  await git(['commit', '--quiet', '-m', 'stack'], { cwd: tree, env: COMMITTER })
  await git(['push', '--quiet', repository, 'main'], { cwd: tree })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const release = (component: string, tag: string) =>
  commitTag({ repository, branch: 'main', files: ['production/values.yaml'], component, tag })
const show = (what: string) => git([`--git-dir=${repository}`, ...what.split(' ')])

it('makes a branch, a commit and a merge', async () => {
  const released = await release('core-api', 'sha-1234567')
  expect(released).toMatchObject({ previous: 'one', changed: true, file: 'production/values.yaml' })
  expect(await show('log --topo-order --format=%s main')).toBe(
    'Merge release/core-api-sha-1234567\ncore-api: sha-1234567\nstack',
  )
  expect(await show('rev-parse main')).toBe(released.commit)
  expect(await show('rev-parse release/core-api-sha-1234567')).toBe(await show('rev-parse main^2'))
})

it('changes nothing for a tag that is there', async () => {
  const before = await show('rev-parse main')
  expect(await release('core-api', 'one')).toMatchObject({ changed: false, commit: before })
})

it('keeps both when several release at the same moment', async () => {
  await Promise.all([release('core-api', 'two'), release('frontend', 'two'), release('core-api', 'three')])
  const values = await show('show main:production/values.yaml')
  expect(values).toMatch(/core-api:\n {2}image:\n {4}tag: (two|three)\nfrontend:\n {2}image:\n {4}tag: two/)
  expect((await show('log --merges --format=%s main')).split('\n')).toHaveLength(3)
})

it('names what there is for a component that has no tag', async () => {
  await expect(release('core', 'two')).rejects.toMatchObject({
    code: 'USAGE',
    fix: 'There are: core-api, frontend.',
  })
})

it('says that a repository is gone', async () => {
  rmSync(repository, { recursive: true })
  await expect(release('core-api', 'two')).rejects.toMatchObject({
    code: 'REPO_UNREACHABLE',
    message: `cannot clone main of ${repository}: repository '${repository}' does not exist`,
  })
})

it('hands on what a refusing repository says, without the command line', async () => {
  const hook = join(repository, 'hooks/pre-receive')
  mkdirSync(join(repository, 'hooks'), { recursive: true })
  writeFileSync(hook, '#!/bin/sh\necho "only the release bot may push" >&2\nexit 1\n')
  chmodSync(hook, 0o755)
  await expect(release('core-api', 'two')).rejects.toMatchObject({
    code: 'REPO_CONFLICT',
    message: `${repository} refuses the push to main: only the release bot may push (pre-receive hook declined)`,
    fix: expect.stringContaining('Nothing was changed'),
  })
})

it('says what is wrong with a values file that cannot be read', async () => {
  const tree = join(root, 'tree')
  writeFileSync(join(tree, 'production/values.yaml'), 'core-api:\n  image:\n    tag: [ one\n')
  await git(['commit', '--quiet', '-am', 'typo'], { cwd: tree, env: COMMITTER })
  await git(['push', '--quiet', repository, 'main'], { cwd: tree })
  const broken = expect.stringMatching(/^production\/values.yaml is no YAML that can be read: .* at line \d+/)
  await expect(release('core-api', 'two')).rejects.toMatchObject({ code: 'CHART_INVALID', message: broken })
})
