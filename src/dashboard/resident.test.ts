import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pageUrl, readAccess, writeAccess } from './access.ts'
import { endPage, firstAborted, goneSignal, servedPage } from './resident.ts'
import { type Dashboard, serveDashboard } from './server.ts'

let folder: string
let dashboard: Dashboard | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resident-'))
})
afterEach(async () => {
  await dashboard?.[Symbol.asyncDispose]()
  dashboard = undefined
  await rm(folder, { recursive: true, force: true })
})

async function serve(end?: () => void): Promise<string> {
  const { token } = await readAccess(folder)
  const readRecord = async () => undefined
  dashboard = await serveDashboard({
    token,
    port: 0,
    name: 'x',
    checkout: folder,
    readRecord,
    ...(end ? { end } : {}),
  })
  await writeAccess(folder, { token, port: dashboard.port })
  return pageUrl(dashboard.port, token)
}

it('finds the page that is served from a folder, and none where nothing listens', async () => {
  expect(await servedPage(folder)).toBeUndefined()
  const url = await serve()
  expect(await servedPage(folder)).toBe(url)
  await dashboard?.[Symbol.asyncDispose]()
  expect(await servedPage(folder)).toBeUndefined()
  expect(await servedPage(join(folder, 'absent'))).toBeUndefined()
})

it('takes a program that knows nothing of the token for no page', async () => {
  await serve()
  await writeAccess(folder, { token: 'b'.repeat(32), port: dashboard!.port })
  expect(await servedPage(folder)).toBeUndefined()
})

it('ends a page once it has answered, and resolves when its port is closed', async () => {
  await serve(() => void dashboard?.[Symbol.asyncDispose]())
  await endPage(folder)
  expect(await servedPage(folder)).toBeUndefined()
})

it('leaves alone a page that a person started', async () => {
  const url = await serve()
  await endPage(folder)
  expect(await servedPage(folder)).toBe(url)
})

it('tells when the state folder has gone', async () => {
  const gone = goneSignal(folder)
  expect(gone.aborted).toBe(false)
  await rm(folder, { recursive: true })
  await firstAborted(gone)
  expect(goneSignal(folder).aborted).toBe(true)
})
