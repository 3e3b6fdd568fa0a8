import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeFolder } from './make-folder.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'folder-'))
})
afterEach(() => rm(base, { recursive: true, force: true }))

it('makes every folder on the way, with the mode, and is content with what is there', async () => {
  const path = join(base, 'a', 'b', 'c')
  await makeFolder(path, 0o700)
  await makeFolder(path, 0o700)
  expect((await stat(path)).mode & 0o777).toBe(0o700)
})

it('throws what a file in the way answers', async () => {
  await writeFile(join(base, 'file'), '')
  await expect(makeFolder(join(base, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(makeFolder(join(base, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

it.skipIf(!existsSync('/proc/self'))('throws where the file system takes no folders', async () => {
  await expect(makeFolder('/proc/devenv-none/below')).rejects.toMatchObject({ code: 'ENOENT' })
})
