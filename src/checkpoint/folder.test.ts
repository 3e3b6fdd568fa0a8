import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkFree, findCheckpoint, listCheckpoints, readCheckpoint, writeCheckpoint } from './folder.ts'

let state: string
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'checkpoint-'))
  await mkdir(join(state, 'postgres'), { mode: 0o700 })
  await writeFile(join(state, 'postgres', 'row'), 'one')
  await writeFile(join(state, 'vault.json'), 'v1', { mode: 0o600 })
  await writeFile(join(state, 'supervisor.log'), 'noise')
})
afterEach(() => rm(state, { recursive: true }))

test('what changed, came and went is as it was; logs go on', async () => {
  const made = await writeCheckpoint(state, 'before', new Date(0))
  expect(made).toEqual({ name: 'before', createdAt: '1970-01-01T00:00:00.000Z', bytes: 5 })
  await writeFile(join(state, 'postgres', 'row'), 'two')
  await writeFile(join(state, 'postgres', 'newer'), 'x')
  await rm(join(state, 'vault.json'))
  await writeFile(join(state, 'supervisor.log'), 'more')
  await readCheckpoint(state, 'before')
  expect(await readFile(join(state, 'postgres', 'row'), 'utf8')).toBe('one')
  expect((await stat(join(state, 'postgres'))).mode & 0o777).toBe(0o700)
  expect((await readdir(state)).sort()).toEqual(['checkpoints', 'postgres', 'supervisor.log', 'vault.json'])
  expect(await readdir(join(state, 'postgres'))).toEqual(['row'])
  expect(await readFile(join(state, 'supervisor.log'), 'utf8')).toBe('more')
  // It can be gone back to again.
  expect((await findCheckpoint(state, 'before')).bytes).toBe(5)
})

test('a checkpoint that cannot be read leaves the present state', async () => {
  await writeCheckpoint(state, 'bad', new Date(0))
  await rm(join(state, 'checkpoints', 'bad', 'state'), { recursive: true })
  await expect(readCheckpoint(state, 'bad')).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' })
  expect(await readFile(join(state, 'vault.json'), 'utf8')).toBe('v1')
  expect((await readdir(state)).sort()).toEqual(['checkpoints', 'postgres', 'supervisor.log', 'vault.json'])
})

test('names are checked, and taken ones replaced only when told', async () => {
  await writeCheckpoint(state, 'a', new Date(0))
  await expect(checkFree(state, 'a', false)).rejects.toMatchObject({ code: 'USAGE' })
  await checkFree(state, 'a', true)
  await expect(checkFree(state, '../x', false)).rejects.toMatchObject({ code: 'USAGE' })
  await expect(findCheckpoint(state, 'b')).rejects.toMatchObject({ code: 'USAGE', fix: 'There are a.' })
  expect(await listCheckpoints(join(state, 'nowhere'))).toEqual([])
})
