import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pageUrl, readAccess, writeAccess } from './access.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('keeps token and port from run to run, for the user alone', async () => {
  const first = await readAccess(folder)
  expect(first.token).toMatch(/^[\w-]{32}$/)
  await writeAccess(folder, { ...first, port: 4321 })
  expect(await readAccess(folder)).toEqual({ token: first.token, port: 4321 })
  expect((await stat(join(folder, 'dashboard.json'))).mode & 0o777).toBe(0o600)
})

it.each(['', 'no JSON', '{"token":""}', '{"token":"short"}', 'null'])(
  'makes a new token where the file holds %j',
  async (text) => {
    await writeFile(join(folder, 'dashboard.json'), text)
    const { token } = await readAccess(folder)
    expect(token).toMatch(/^[\w-]{32}$/)
    expect((await readAccess(folder)).token).toBe(token)
  },
)

it('puts the token where a browser does not send it', () => {
  const url = new URL(pageUrl(4321, 'secret'))
  expect(url.pathname + url.search).toBe('/')
  expect(url.hash).toBe('#token=secret')
})
