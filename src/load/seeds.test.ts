import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { messagesOf } from './profile.ts'
import { readProfile } from './seeds.ts'

const CHECKOUT = join(import.meta.dirname, '..', '..')
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seeds-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(path: string, text: string): Promise<string> {
  const full = join(folder, path)
  await mkdir(dirname(full), { recursive: true })
  await writeFile(full, text)
  return full
}

test.each(['steady', 'burst', 'ramp', 'sine', 'spike', 'soak'])(
  'the profile %s of the checkout can be used',
  async (name) => {
    expect(messagesOf(await readProfile(name, CHECKOUT))).toBeGreaterThan(0)
  },
)

test('a file by its path', async () => {
  const path = await write(
    'my.yaml',
    'taskMs: 5\nstages:\n  - { burst: 3 }\n  - { for: 2s, from: 0, to: 4 }\n',
  )
  expect(await readProfile(path, CHECKOUT)).toEqual({
    name: path,
    taskMs: 5,
    stages: [{ burst: 3 }, { durationMs: 2_000, fromRate: 0, toRate: 4 }],
  })
  expect((await readProfile('my.yaml', CHECKOUT, folder)).stages).toHaveLength(2)
  const wave = await write(
    'wave.yaml',
    'stages:\n  - { for: 1m, sine: { mean: 4, amplitude: 3, period: 20s } }\n',
  )
  expect((await readProfile(wave, CHECKOUT)).stages).toEqual([
    { durationMs: 60_000, mean: 4, amplitude: 3, periodMs: 20_000 },
  ])
})

test('an unknown name lists those there are', async () => {
  const refused = await readProfile('sawtooth', CHECKOUT).catch((thrown) => thrown)
  expect(refused).toMatchObject({ code: 'USAGE', exitCode: 2 })
  expect(refused.fix).toMatch(/burst, ramp, sine, soak, spike, steady/)
})

test('a broken profile is reported by file and line', async () => {
  await write('seeds/load/bad.yaml', 'stages:\n  - { burst: 3 }\n  - { for: 2s, rate: fast }\n')
  await expect(readProfile('bad', folder)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/^seeds\/load\/bad\.yaml:3: /),
  })
  await write('seeds/load/open.yaml', 'stages: [')
  await expect(readProfile('open', folder)).rejects.toThrow(/^seeds\/load\/open\.yaml:1: /)
})
