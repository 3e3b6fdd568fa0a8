import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { RegistryClient } from './client.ts'
import { labelsOf, missingPart, resolveImage } from './image.ts'
import { registryUrl, wantedOf } from './reference.ts'
import { FakeRegistry } from './testing/fake-registry.ts'
import { type Credentials, parseChallenge } from './token.ts'

const LAYER = Buffer.alloc(1000, 'layer')
const LINUX = { os: 'linux', architecture: 'amd64' }

function clientOf(registry: FakeRegistry, credentials?: Credentials) {
  return new RegistryClient({ url: registry.url, credentials, env: {} })
}

describe('an image', () => {
  it('is found by its tag, with its blobs and labels', async () => {
    await using registry = await FakeRegistry.start()
    const digest = registry.put('team/api', '1', [LAYER], { 'devenv/source': 'abc' })
    await using client = clientOf(registry)
    const found = await resolveImage(client, 'team/api', '1', LINUX)
    expect(found).toMatchObject({ digest, manifest: { digest } })
    expect(await buffer(await client.blob('team/api', found!.blobs[1]!.digest))).toEqual(LAYER)
    expect(await labelsOf(client, 'team/api', found!)).toEqual({ 'devenv/source': 'abc' })
    expect(await client.digest('team/api', '2')).toBeUndefined()
  })

  it('of an index is the one for the platform', async () => {
    await using registry = await FakeRegistry.start()
    const amd64 = registry.put('api', 'amd64', [LAYER])
    const arm64 = registry.put('api', 'arm64', [Buffer.from('arm')])
    const index = registry.putIndex('api', '1', { 'linux/arm64': arm64, 'linux/amd64': amd64 })
    await using client = clientOf(registry)
    expect(await resolveImage(client, 'api', '1', LINUX)).toMatchObject({
      digest: index,
      manifest: { digest: amd64 },
    })
    expect(await resolveImage(client, 'api', '1', { os: 'linux', architecture: 'riscv64' })).toBeUndefined()
  })

  it('that lacks a blob is not whole', async () => {
    await using registry = await FakeRegistry.start()
    registry.put('api', '1', [LAYER])
    await using client = clientOf(registry)
    const found = (await resolveImage(client, 'api', '1', LINUX))!
    expect(await missingPart(client, 'api', found)).toBeUndefined()
    registry.blobs.delete(`api@${found.blobs[1]!.digest}`)
    expect(await missingPart(client, 'api', found)).toBe(found.blobs[1]!.digest)
  })

  it('with other bytes than its digest is not taken', async () => {
    await using registry = await FakeRegistry.start()
    const digest = registry.put('api', '1', [LAYER])
    registry.manifests.set(`api@${digest}`, { type: 'x', bytes: Buffer.from('{}') })
    await using client = clientOf(registry)
    await expect(client.manifest('api', digest)).rejects.toThrow(/other bytes/)
  })

  it('is written blob by blob, then by its name', async () => {
    await using from = await FakeRegistry.start()
    await using to = await FakeRegistry.start()
    const digest = from.put('api', '1', [LAYER])
    await using source = clientOf(from)
    await using target = clientOf(to)
    const found = (await resolveImage(source, 'api', '1', LINUX))!
    await expect(target.putManifest('api', '1', found.manifest)).rejects.toThrow(/BLOB_UNKNOWN/)
    for (const blob of found.blobs)
      await target.putBlob('api', blob.digest, await source.blob('api', blob.digest))
    await target.putManifest('api', '1', found.manifest)
    expect(await target.digest('api', '1')).toBe(digest)
    const wrong = target.putBlob('api', digest, Readable.from([Buffer.from('else')]))
    await expect(wrong).rejects.toThrow(/DIGEST_INVALID/)
  })
})

describe('a login', () => {
  it('is exchanged for a token, once for each repository', async () => {
    await using registry = await FakeRegistry.start()
    registry.put('team/api', '1', [LAYER])
    registry.logins = { 'ci:secret': ['team/api'] }
    await using client = clientOf(registry, { username: 'ci', password: 'secret' })
    expect(await client.digest('team/api', '1')).toMatch(/^sha256:/)
    await client.digest('team/api', '1')
    expect(registry.requests.filter((one) => one === 'GET /token')).toHaveLength(1)
  })

  it.each([
    ['none', undefined],
    ['a wrong password', { username: 'ci', password: 'wrong' }],
    ['one that may not read it', { username: 'guest', password: 'guest' }],
  ])('is refused: %s', async (_what, credentials) => {
    await using registry = await FakeRegistry.start()
    registry.put('team/api', '1', [LAYER])
    registry.logins = { 'ci:secret': ['team/api'], 'guest:guest': [] }
    await using client = clientOf(registry, credentials)
    await expect(client.digest('team/api', '1')).rejects.toMatchObject({ status: 401 })
  })

  it('is asked for in a challenge', () => {
    expect(parseChallenge('Bearer realm="https://a/token",service="b",scope="repository:c:pull"')).toEqual({
      scheme: 'bearer',
      parameters: { realm: 'https://a/token', service: 'b', scope: 'repository:c:pull' },
    })
    expect(parseChallenge('Basic realm="x"')).toMatchObject({ scheme: 'basic' })
  })
})

it('knows where registries are, and what they are asked for', () => {
  expect(registryUrl('docker.io')).toBe('https://registry-1.docker.io')
  expect(registryUrl('ghcr.io')).toBe('https://ghcr.io')
  expect(registryUrl('127.0.0.1:5555')).toBe('http://127.0.0.1:5555')
  const reference = { registry: 'a', repository: 'b' }
  expect(wantedOf({ ...reference, suffix: ':1' })).toBe('1')
  expect(wantedOf({ ...reference, suffix: ':1@sha256:abc' })).toBe('sha256:abc')
})
