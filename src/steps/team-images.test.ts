import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeRegistry } from '../lib/registry/testing/fake-registry.ts'
import { pullSecretFor, teamImages } from './team-images.ts'

const API = 'ghcr.io/team/api:sha-1234567'
const WORKER = 'ghcr.io/team/worker:sha-1234567'
const PATTERNS = ['ghcr.io/team/api:*', 'devenv/llm:*']
const LOGIN = { DEVENV_REGISTRY_USER: 'ci', DEVENV_REGISTRY_PASSWORD: 'secret-word' }

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dv-team-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

async function secretFor(registry: FakeRegistry, login: Record<string, string> = {}, offline = false) {
  const said: string[] = []
  const secret = await pullSecretFor({
    images: [API, WORKER, API, 'rabbitmq:3.13'],
    patterns: PATTERNS,
    upstreams: { 'ghcr.io': registry.url, 'docker.io': registry.url },
    env: { HOME: home, ...login },
    offline,
    progress: (what) => said.push(what),
    signal: new AbortController().signal,
  })
  return { secret: JSON.parse(secret), said: said.join('\n') }
}

function withImages(registry: FakeRegistry, ...repositories: string[]): void {
  for (const repository of repositories) registry.put(repository, 'sha-1234567', [Buffer.from(repository)])
}

describe('the team’s images', () => {
  it('are those of the registries that their builds name, each once', () => {
    const images = [API, 'redis:8', WORKER, API]
    const upstreams = { 'ghcr.io': '', 'docker.io': '' }
    expect([...teamImages({ images, patterns: PATTERNS, upstreams })]).toEqual([['ghcr.io', [API, WORKER]]])
  })

  it('are also those of a registry that no mirror stands before', () => {
    const own = 'registry.corp:5000/team/api:1'
    const found = teamImages({ images: [own, 'redis:8'], patterns: PATTERNS, upstreams: { 'docker.io': '' } })
    expect([...found]).toEqual([['registry.corp:5000', [own]]])
  })

  it('are looked for, and the login goes into the pull secret and nowhere else', async () => {
    await using registry = await FakeRegistry.start()
    withImages(registry, 'team/api', 'team/worker')
    registry.logins = { 'ci:secret-word': ['team/api', 'team/worker'] }
    const { secret, said } = await secretFor(registry, LOGIN)
    expect(secret).toEqual({
      auths: { 'ghcr.io': { auth: Buffer.from('ci:secret-word').toString('base64') } },
    })
    expect(said).toBe(
      '2 images of ghcr.io, with the login of DEVENV_REGISTRY_USER and DEVENV_REGISTRY_PASSWORD',
    )
  })

  it('that everybody may pull need no login', async () => {
    await using registry = await FakeRegistry.start()
    withImages(registry, 'team/api', 'team/worker')
    expect((await secretFor(registry)).secret).toEqual({ auths: {} })
  })

  it('are not asked for offline', async () => {
    await using registry = await FakeRegistry.start()
    expect((await secretFor(registry, LOGIN, true)).secret.auths).toHaveProperty(['ghcr.io'])
    expect(registry.requests).toEqual([])
  })
})

describe('what stops an up before anything is created', () => {
  it('is an image that is not there, by its name', async () => {
    await using registry = await FakeRegistry.start()
    withImages(registry, 'team/api')
    await expect(secretFor(registry)).rejects.toMatchObject({
      code: 'IMAGE_MISSING',
      exitCode: 3,
      message: `ghcr.io does not have:\n  ${WORKER}`,
    })
  })

  it('is a registry that wants a login', async () => {
    await using registry = await FakeRegistry.start()
    registry.logins = {}
    await expect(secretFor(registry)).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: `ghcr.io wants a login for:\n  ${API}\n  ${WORKER}`,
      fix: expect.stringContaining('docker login ghcr.io'),
    })
  })

  it('is a login that is refused, without a word of it', async () => {
    await using registry = await FakeRegistry.start()
    withImages(registry, 'team/api', 'team/worker')
    registry.logins = { 'ci:other': [] }
    const error = await secretFor(registry, LOGIN).catch((thrown) => thrown)
    expect(error).toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringContaining('does not let the login of'),
    })
    expect(JSON.stringify(error) + error.message + error.fix).not.toContain('secret-word')
  })
})
