import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { systemClock } from '../../lib/clock.ts'
import { watchRefs } from './watch-refs.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'devenv-watch-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function heads(gitDir: string): string {
  const folder = join(gitDir, 'refs/heads')
  mkdirSync(folder, { recursive: true })
  return folder
}

it.each([
  ['a bare repository', 'stack.git', 'stack.git'],
  ['a working copy', 'stack', 'stack/.git'],
])('sees %s go, come back, and its branches move after that', async (_what, place, gitDir) => {
  const folder = join(root, place)
  const branches = heads(join(root, gitDir))
  const changed = vi.fn()
  using _watch = watchRefs(join(root, gitDir), systemClock, changed)
  const told = async () => {
    await vi.waitFor(() => expect(changed).toHaveBeenCalled())
    changed.mockClear()
  }
  renameSync(folder, `${folder}.away`)
  await told()
  renameSync(`${folder}.away`, folder)
  await told()
  writeFileSync(join(branches, 'main'), 'a commit')
  await told()
})

it('sees the branches of a repository that is made again bit by bit', async () => {
  const gitDir = join(root, 'stack.git')
  heads(gitDir)
  const changed = vi.fn()
  using _watch = watchRefs(gitDir, systemClock, changed)
  const told = async () => {
    await vi.waitFor(() => expect(changed).toHaveBeenCalled())
    changed.mockClear()
  }
  rmSync(gitDir, { recursive: true })
  await told()
  mkdirSync(gitDir)
  await told()
  const branches = heads(gitDir)
  await told()
  writeFileSync(join(branches, 'main'), 'a commit')
  await told()
})
