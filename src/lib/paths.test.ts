import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  cacheDir,
  ensureDir,
  environmentName,
  listEnvironments,
  stateDir,
  validName,
  writeFileAtomic,
} from './paths.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paths-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('XDG folders, absolute ones only, and DEVENV_HOME above them', () => {
  expect(cacheDir({ HOME: '/h' })).toBe('/h/.cache/devenv')
  expect(stateDir('x', { HOME: '/h' })).toBe('/h/.local/state/devenv/x')
  expect(cacheDir({ HOME: '/h', XDG_CACHE_HOME: '/c' })).toBe('/c/devenv')
  expect(stateDir('x', { HOME: '/h', XDG_STATE_HOME: 'relative' })).toBe('/h/.local/state/devenv/x')
  expect(stateDir('x', { HOME: '/h', XDG_STATE_HOME: '/s', DEVENV_HOME: '/d' })).toBe('/d/state/x')
})

test('names are short DNS labels; a checkout gets one of its own', () => {
  expect(validName('team1-a')).toBe('team1-a')
  for (const bad of ['', 'A', '-a', 'a-', 'a/b', '..', 'a'.repeat(41)])
    expect(() => validName(bad)).toThrow(/no environment name/)
  expect(environmentName('/home/me/My Project!')).toMatch(/^my-project-[0-9a-f]{6}$/)
  expect(environmentName('/a/x')).not.toBe(environmentName('/b/x'))
  expect(validName(environmentName('/'))).toMatch(/^devenv-/)
})

test('files and folders are the user’s own, and a write leaves nothing half done', async () => {
  const path = join(folder, 'a', 'b', 'record.json')
  await writeFileAtomic(path, 'one')
  await writeFileAtomic(path, 'two')
  expect(await readFile(path, 'utf8')).toBe('two')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700)
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['record.json'])
})

test('a folder that cannot be is STATE_UNWRITABLE with a fix', async () => {
  await writeFile(join(folder, 'file'), '')
  const refused = await ensureDir(join(folder, 'file', 'below')).catch((thrown) => thrown)
  expect(refused).toMatchObject({ code: 'STATE_UNWRITABLE', exitCode: 3 })
  expect(refused.fix).toMatch(/DEVENV_HOME/)
})

test('environments are the folders of the state root', async () => {
  const env = { DEVENV_HOME: folder }
  expect(await listEnvironments(env)).toEqual([])
  await ensureDir(stateDir('b', env))
  await ensureDir(stateDir('a', env))
  await writeFile(join(folder, 'state', 'stray'), '')
  expect(await listEnvironments(env)).toEqual(['a', 'b'])
})
