import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FoundEngine, findEngine } from '../../lib/docker/engine.ts'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { ownerInEngine, removeLooks } from './shared.ts'

let fake: FakeEngine
let found: FoundEngine
let folder: string
let stateDir: string
beforeEach(async () => {
  fake = await FakeEngine.start()
  found = (await findEngine(fake.env)) as FoundEngine
  folder = await mkdtemp(join(tmpdir(), 'shared-'))
  stateDir = join(folder, 'demo')
})
afterEach(async () => {
  await fake[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Nothing of the look stays, neither in the engine nor here. */
async function nothingLeft() {
  expect(fake.things).toEqual([])
  expect(await readdir(folder)).toEqual([])
}

describe('ownerInEngine', () => {
  it('tells as whose containers see this user’s files, and leaves nothing behind', async () => {
    fake.owner = 501
    expect(await ownerInEngine(found, 'demo', stateDir)).toBe(501)
    await nothingLeft()
  })

  it.each([
    { looksLate: false, when: 'when a container is made' },
    { looksLate: true, when: 'when the file is asked for' },
  ])('names a folder that is not shared with the engine, which says so $when', async ({ looksLate }) => {
    fake.looksLate = looksLate
    fake.unseen.add(folder)
    await expect(ownerInEngine(found, 'demo', stateDir)).rejects.toMatchObject({
      code: 'PREFLIGHT',
      exitCode: 3,
      message: expect.stringContaining(`does not see ${folder}, where`),
      fix: expect.stringMatching(/Share that folder .* DEVENV_HOME/),
    })
    await nothingLeft()
  })

  it('takes the labels of the environment along, by which down finds what a kill leaves', async () => {
    fake.stuck.set('devenv-demo-probe', 'busy')
    await ownerInEngine(found, 'demo', stateDir).catch(() => undefined)
    expect(fake.things.find(({ kind }) => kind === 'containers')?.labels).toMatchObject({
      'devenv/environment': 'demo',
    })
  })

  it('does not believe Podman, which writes root whoever it is', async () => {
    const podman = { ...found, info: { ...found.info, product: 'Podman' } }
    expect(await ownerInEngine(podman, 'demo', stateDir)).toBeUndefined()
  })

  it('goes on without an answer where the engine has none for a container that never ran', async () => {
    fake.archives = false
    expect(await ownerInEngine(found, 'demo', stateDir)).toBeUndefined()
    await nothingLeft()
  })
})

describe('removeLooks', () => {
  it('removes what a killed look of this environment left, and no other’s', async () => {
    await mkdir(`${stateDir}.shared-a1`)
    await mkdir(`${stateDir}-2.shared-b2`)
    await removeLooks(stateDir)
    expect(await readdir(folder)).toEqual(['demo-2.shared-b2'])
  })
})
