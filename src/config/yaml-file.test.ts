import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readYaml } from './yaml-file.ts'

const schema = z.object({ a: z.number(), list: z.array(z.object({ name: z.string() })) })
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devenv-config-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(text: string) {
  const path = join(folder, 'x.yaml')
  await writeFile(path, text)
  return readYaml(path, schema, folder)
}

describe('readYaml', () => {
  it('answers what the schema describes', async () => {
    expect(await read('a: 1\nlist:\n  - name: x\n')).toEqual({ a: 1, list: [{ name: 'x' }] })
  })

  it('reports every problem with its line', async () => {
    await expect(read('a: one\nlist:\n  - name: x\n  - name: 2\n')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      exitCode: 2,
      message: expect.stringMatching(/^x\.yaml:1: a: .*\nx\.yaml:4: list\.1\.name: /),
    })
  })

  it('reports an unknown field where it stands', async () => {
    const strict = z.strictObject({ a: z.number(), in: z.strictObject({}) })
    const path = join(folder, 'x.yaml')
    await writeFile(path, 'a: 1\nin:\n  typo: 2\nother: 3\n')
    await expect(readYaml(path, strict, folder)).rejects.toMatchObject({
      message: 'x.yaml:3: in.typo: there is no such field\nx.yaml:4: other: there is no such field',
    })
  })

  it('reports broken YAML with its line', async () => {
    await expect(read('a: 1\nlist: [\n  b: }\n')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^x\.yaml:3: /),
    })
  })

  it('names a file that is not there', async () => {
    await expect(readYaml(join(folder, 'gone.yaml'), schema, folder)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('gone.yaml'),
    })
  })
})
