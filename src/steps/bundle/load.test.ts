import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { versionsOf } from '../../bundle/contents.ts'
import type { BundleIndex } from '../../bundle/index-file.ts'
import { contentOf, FILE, INDEX } from '../../bundle/testing-bundle.ts'
import { packTree } from '../../bundle/tree.ts'
import { writeBundle } from '../../bundle/write.ts'
import { platformName } from '../../cluster/k3d/binary.ts'
import { operatorsSchema } from '../../config/operators.ts'
import { readYaml } from '../../config/yaml-file.ts'
import { artifactPath } from '../../lib/download/artifact.ts'
import type { Plan } from '../plan.ts'
import { loadBundle } from './load.ts'

const CHECKOUT = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '')
const lock = await readYaml(`${CHECKOUT}/devenv/operators.lock.yaml`, operatorsSchema, CHECKOUT)
const plan = {
  lock,
  choice: { kind: 'k3d' },
  options: { name: 'demo', checkout: CHECKOUT },
} as unknown as Plan
const { signal } = new AbortController()

let home: string
let saved: Record<string, string | undefined>
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dv-load-'))
  saved = { DEVENV_HOME: process.env.DEVENV_HOME, DOCKER_HOST: process.env.DOCKER_HOST }
  process.env.DEVENV_HOME = join(home, 'home')
  process.env.DOCKER_HOST = `unix://${home}/no.sock`
})
afterEach(async () => {
  for (const [name, value] of Object.entries(saved)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  await rm(home, { recursive: true, force: true })
})

const ours = { platform: platformName(process.platform, process.arch), versions: versionsOf(lock) }

async function bundleWith(changes: Partial<BundleIndex>, more: Record<string, Buffer> = {}): Promise<string> {
  const path = join(home, 'team1.tar')
  const index = { ...INDEX, ...ours, images: [], ...changes }
  const source = async (part: { sha256: string }) =>
    more[part.sha256] ? Readable.from([more[part.sha256]]) : contentOf(part)
  await writeBundle(path, index, { source, onProgress: () => undefined, signal })
  return path
}

function load(path: string, images = true) {
  return loadBundle(path, plan, { images, progress: () => undefined, signal })
}

const cache = () => join(home, 'home', 'cache')

describe('a bundle', () => {
  it('fills the download cache, once', async () => {
    const path = await bundleWith({})
    const [file] = INDEX.files
    expect((await load(path)).placed).toEqual([{ name: 'k3d v1', into: 'cache', present: false }])
    expect((await readFile(artifactPath(file!, cache()))).equals(FILE)).toBe(true)
    expect((await load(path)).placed).toEqual([{ name: 'k3d v1', into: 'cache', present: true }])
    await writeFile(artifactPath(file!, cache()), 'half of it')
    expect((await load(path)).placed).toEqual([{ name: 'k3d v1', into: 'cache', present: false }])
  })

  it('brings folders with their modes and links, and nothing half', async () => {
    const folder = join(home, 'broker')
    await mkdir(join(folder, 'bin'), { recursive: true })
    await writeFile(join(folder, 'bin', 'run'), 'program')
    await chmod(join(folder, 'bin', 'run'), 0o755)
    await symlink('bin/run', join(folder, 'link'))
    const packed = await readFile(await packTree(folder, join(home, 'packed')))
    const sha256 = createHash('sha256').update(packed).digest('hex')
    const tree = { title: 'a broker', folder: 'rabbitmq/1-x64', sha256 }
    const parts = [...INDEX.parts, { sha256, size: packed.length, of: 'a broker' }]
    const path = await bundleWith({ trees: [tree], parts }, { [sha256]: packed })
    await load(path)
    const there = join(cache(), 'rabbitmq', '1-x64')
    expect(await readFile(join(there, 'link'), 'utf8')).toBe('program')
    expect((await stat(join(there, 'bin', 'run'))).mode & 0o111).not.toBe(0)
    expect(await readdir(join(cache(), 'rabbitmq'))).toEqual(['1-x64'])
    const outside = await bundleWith(
      { trees: [{ ...tree, folder: '../elsewhere' }], parts },
      { [sha256]: packed },
    )
    await expect(load(outside)).rejects.toMatchObject({ code: 'BUNDLE_INVALID' })
    expect(existsSync(join(home, 'home', 'elsewhere'))).toBe(false)
  })
})

describe('nothing is put in place', () => {
  const untouched = () => expect(existsSync(cache())).toBe(false)

  it('from another platform', async () => {
    await expect(load(await bundleWith({ platform: 'plan9-mips' }))).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringContaining('is for plan9-mips'),
    })
    untouched()
  })

  it('from another version, which is told', async () => {
    const versions = { ...ours.versions, 'Argo CD': 'v3.4.0' }
    await expect(load(await bundleWith({ versions, images: INDEX.images }))).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringContaining(`Argo CD v3.4.0 instead of ${ours.versions['Argo CD']}`),
    })
    untouched()
  })

  it('with images and no engine to take them, unless they are not wanted', async () => {
    const path = await bundleWith({ images: INDEX.images })
    await expect(load(path)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', exitCode: 3 })
    untouched()
    expect((await load(path, false)).placed).toHaveLength(1)
  })

  it('when an image lacks a layer, or a part is damaged', async () => {
    const without = { images: INDEX.images, parts: INDEX.parts.slice(0, 3) }
    await expect(load(await bundleWith(without), false)).rejects.toMatchObject({
      code: 'BUNDLE_INVALID',
      message: expect.stringContaining('ghcr.io/team/api:sha-1234567 needs sha256:'),
    })
    const path = await bundleWith({})
    const bytes = await readFile(path)
    bytes[bytes.length - 5000]! ^= 1
    await writeFile(path, bytes)
    await expect(load(path)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    untouched()
  })
})
