import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { run } from '../lib/exec.ts'
import { RegistryClient } from '../lib/registry/client.ts'
import { resolveImage } from '../lib/registry/image.ts'
import { FakeRegistry } from '../lib/registry/testing/fake-registry.ts'
import { dockerArchive } from './docker-archive.ts'
import { hexOf } from './index-file.ts'
import { manifestsOf, pushBundled } from './push.ts'
import { findImage } from './resolve.ts'
import { CONTENTS, IMAGE, INDEX, LAYER, MANIFEST } from './testing-bundle.ts'

const LINUX = { os: 'linux', architecture: 'amd64' }
const parts = { read: (sha256: string) => Readable.from([CONTENTS.get(sha256)]) }
const [bundled] = INDEX.images
const { signal } = new AbortController()

it('an image goes into a registry with its digests, once', async () => {
  await using registry = await FakeRegistry.start()
  await using client = new RegistryClient({ url: registry.url, env: {} })
  expect(await pushBundled(parts, bundled!, client, signal)).toBe(false)
  const found = await resolveImage(client, 'team/api', 'sha-1234567', LINUX)
  expect(found?.manifest.bytes.equals(MANIFEST)).toBe(true)
  expect(await buffer(await client.blob('team/api', found!.blobs[1]!.digest))).toEqual(LAYER)
  const writes = () => registry.requests.filter((one) => /^(PUT|POST)/.test(one)).length
  const before = writes()
  expect(await pushBundled(parts, bundled!, client, signal)).toBe(true)
  expect(writes()).toBe(before)
})

it('an image that was half there is completed; a full disk leaves no name for it', async () => {
  await using registry = await FakeRegistry.start()
  await using client = new RegistryClient({ url: registry.url, env: {} })
  registry.full = true
  await expect(pushBundled(parts, bundled!, client, signal)).rejects.toThrow(/no space left on device/)
  expect(await client.digest('team/api', 'sha-1234567')).toBeUndefined()
  registry.full = false
  await pushBundled(parts, bundled!, client, signal)
  registry.manifests.clear()
  expect(await pushBundled(parts, bundled!, client, signal)).toBe(false)
  expect(await client.digest('team/api', 'sha-1234567')).toBe(bundled!.digest)
})

it('an image for the engine is an archive as `docker save` makes them', async () => {
  const [manifest] = await manifestsOf(parts, bundled!)
  const folder = await mkdtemp(join(tmpdir(), 'dv-archive-'))
  try {
    const path = join(folder, 'image.tar')
    await writeFile(
      path,
      dockerArchive(IMAGE, manifest!, (digest) => parts.read(hexOf(digest))),
    )
    const { stdout } = await run('tar', ['-xOf', path, 'manifest.json'])
    const [entry] = JSON.parse(stdout)
    expect(entry.RepoTags).toEqual([IMAGE])
    const names = (await run('tar', ['-tf', path])).stdout.split('\n')
    expect(names).toEqual(['manifest.json', entry.Config, ...entry.Layers])
    expect((await run('tar', ['-xOf', path, entry.Layers[0]])).stdout).toBe(LAYER.toString())
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

it('an image that cannot be had is told by what refused it', async () => {
  await using registry = await FakeRegistry.start()
  registry.put('team/api', '1', [LAYER])
  await using client = new RegistryClient({ url: registry.url, env: {} })
  const find = (image: string) => findImage(image, LINUX, async () => client)
  await expect(find('ghcr.io/team/api:2')).rejects.toMatchObject({ code: 'IMAGE_MISSING' })
  registry.logins = {}
  await expect(find('ghcr.io/team/api:1')).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
    fix: expect.stringContaining('docker login ghcr.io'),
  })
  await registry[Symbol.asyncDispose]()
  await expect(find('ghcr.io/team/api:1')).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
})
