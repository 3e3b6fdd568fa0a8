import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FILE, INDEX } from '../../bundle/testing-bundle.ts'
import { platformName } from '../../cluster/k3d/binary.ts'
import { SOURCE_LABEL, sourceOf } from '../../cluster/k3d/build-source.ts'
import type { Engine } from '../../lib/docker/engine.ts'
import { artifactPath } from '../../lib/download/artifact.ts'
import { RegistryClient } from '../../lib/registry/client.ts'
import { FakeRegistry } from '../../lib/registry/testing/fake-registry.ts'
import type { Plan } from '../plan.ts'
import { checkOffline } from './offline.ts'

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')
const [K3D] = INDEX.files
const RULE = { match: 'ghcr.io/team/llm:*', context: 'workloads', dockerfile: 'llm/Dockerfile' }
const BUILT = 'ghcr.io/team/llm:1'
const ENGINE_IMAGES = ['k3s:1', 'tools:1', 'registry:3', 'vault:1', 'postgres:1']

const lock = {
  tools: { k3d: { version: 'v1', platforms: { [platformName(process.platform, process.arch)]: K3D } } },
  images: {
    k3s: 'k3s:1',
    k3dTools: 'tools:1',
    registry: 'registry:3',
    vault: 'vault:1',
    postgres: 'postgres:1',
    git: 'quay.io/git:1',
  },
  systemImages: { full: [], lite: ['rancher/pause:1'] },
  mirrors: {},
  operators: [],
}
const plan = {
  lock,
  choice: { kind: 'k3d' },
  options: { name: 'demo', checkout: CHECKOUT, offline: true },
  environment: { demo: { good: [], bad: 'bad' } },
  usedImages: [{ image: BUILT }, { image: 'rabbitmq:3' }],
  builds: [RULE],
} as unknown as Plan

let home: string
let before: Record<string, string | undefined>
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dv-offline-'))
  before = { DEVENV_HOME: process.env.DEVENV_HOME, DEVENV_MIRROR: process.env.DEVENV_MIRROR }
  process.env.DEVENV_HOME = home
  delete process.env.DEVENV_MIRROR
})
afterEach(async () => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  await rm(home, { recursive: true, force: true })
})

async function fillCache(): Promise<void> {
  const path = artifactPath(K3D!, join(home, 'cache'))
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, FILE)
}

/** An engine with these images, and one registry as the store of every mirror. */
function check(registry: FakeRegistry, images: string[]) {
  const inspect = (name: string) => async () => {
    if (!images.includes(name)) throw Object.assign(new Error('no such image'), { statusCode: 404 })
    return { Id: name }
  }
  return checkOffline(plan, {
    engine: { getImage: (name: string) => ({ inspect: inspect(name) }) } as unknown as Engine,
    size: 'lite',
    progress: () => undefined,
    signal: new AbortController().signal,
    open: async () => {
      const client = new RegistryClient({ url: registry.url, env: {} })
      return { of: () => client, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() }
    },
  })
}

async function stocked(source: string): Promise<FakeRegistry> {
  const registry = await FakeRegistry.start()
  for (const repository of ['rancher/pause', 'git', 'team/llm'])
    registry.put(repository, '1', [Buffer.from(repository)], { [SOURCE_LABEL]: source })
  registry.put('library/rabbitmq', '3', [Buffer.from('rabbitmq')])
  return registry
}

const ownSource = () => sourceOf({ ...RULE, image: BUILT, args: {} }, CHECKOUT)

describe('up --offline', () => {
  it('needs no build of an image that a store has from the same source', async () => {
    await fillCache()
    await using registry = await stocked(await ownSource())
    expect(await check(registry, ENGINE_IMAGES)).toEqual(new Set([BUILT]))
  })

  it('builds one whose source has changed, if its base is here', async () => {
    await fillCache()
    await using registry = await stocked('another')
    expect(await check(registry, [...ENGINE_IMAGES, 'node:24-alpine'])).toEqual(new Set())
    await expect(check(registry, ENGINE_IMAGES)).rejects.toMatchObject({
      code: 'PREFLIGHT',
      message: expect.stringContaining(`${BUILT}, or node:24-alpine to build it from`),
    })
  })

  it('names every file and image of the engine that is missing', async () => {
    await using registry = await stocked(await ownSource())
    const error = await check(registry, ['k3s:1', 'tools:1', 'registry:3']).catch((thrown) => thrown)
    expect(error).toMatchObject({
      code: 'PREFLIGHT',
      exitCode: 3,
      fix: expect.stringContaining('bundle -- load'),
    })
    for (const name of ['k3d v1 (https://example.com/v1/k3d)', 'vault:1', 'postgres:1'])
      expect(error.message).toContain(name)
    expect(error.message).not.toContain('k3s:1')
  })

  it('names every image of pods that no store has whole', async () => {
    await fillCache()
    await using registry = await stocked(await ownSource())
    registry.manifests.delete('library/rabbitmq:3')
    const blobs = [...registry.blobs.keys()].filter((key) => key.startsWith('rancher/pause@'))
    registry.blobs.delete(blobs.at(-1)!)
    const error = await check(registry, ENGINE_IMAGES).catch((thrown) => thrown)
    expect(error.message.split('\n').slice(1)).toEqual([
      '  rancher/pause:1 (image of pods)',
      '  rabbitmq:3 (image of pods)',
    ])
  })
})
