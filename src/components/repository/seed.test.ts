import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { COMMITTER, git } from '../../lib/git.ts'
import { seedRepository } from './seed.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'devenv-seed-test-'))
  mkdirSync(join(root, 'stack/templates'), { recursive: true })
  writeFileSync(join(root, 'stack/values.yaml'), 'tag: a\nkeep: 1\n\n\n\nlog: info\n')
  writeFileSync(join(root, 'stack/.gitignore'), 'templates\n')
  writeFileSync(join(root, 'stack/templates/x.yaml'), 'x\n')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const seed = () =>
  seedRepository({
    repository: join(root, 'git/stack.git'),
    folder: join(root, 'stack'),
    only: ['.'],
    path: 'production',
    branch: 'main',
  })
const show = (file: string) => git([`--git-dir=${join(root, 'git/stack.git')}`, 'show', `main:${file}`])

async function commitByHand(file: string, text: string) {
  const clone = join(root, `clone-${Math.random()}`)
  await git(['clone', '--quiet', join(root, 'git/stack.git'), clone])
  writeFileSync(join(clone, file), text)
  await git(['commit', '--quiet', '-am', 'by hand'], { cwd: clone, env: COMMITTER })
  await git(['push', '--quiet', 'origin', 'main'], { cwd: clone })
}

it('commits the folder below its path, ignored files included', async () => {
  expect((await seed()).outcome).toBe('made')
  expect(await show('production/values.yaml')).toContain('tag: a')
  expect(await show('production/templates/x.yaml')).toBe('x')
  expect((await seed()).outcome).toBe('unchanged')
})

it('merges a later state of the folder with what people committed', async () => {
  await seed()
  await commitByHand('production/values.yaml', 'tag: b\nkeep: 1\n\n\n\nlog: info\n')
  expect((await seed()).outcome).toBe('unchanged')
  writeFileSync(join(root, 'stack/values.yaml'), 'tag: a\nkeep: 1\n\n\n\nlog: debug\n')
  expect((await seed()).outcome).toBe('updated')
  expect(await show('production/values.yaml')).toBe('tag: b\nkeep: 1\n\n\n\nlog: debug')
})

it('names the file when both changed the same lines, and leaves the branch alone', async () => {
  await seed()
  await commitByHand('production/values.yaml', 'tag: b\nkeep: 1\n\n\n\nlog: info\n')
  writeFileSync(join(root, 'stack/values.yaml'), 'tag: c\nkeep: 1\n\n\n\nlog: info\n')
  await expect(seed()).rejects.toMatchObject({
    code: 'REPO_CONFLICT',
    message: expect.stringContaining('production/values.yaml'),
  })
  expect(await show('production/values.yaml')).toContain('tag: b')
})
