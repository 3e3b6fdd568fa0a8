import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findCredentials } from './credentials.ts'

let home: string
let path: string | undefined
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dv-login-'))
  await mkdir(join(home, '.docker'))
  path = process.env.PATH
})
afterEach(async () => {
  process.env.PATH = path
  await rm(home, { recursive: true, force: true })
})

const basic = (text: string) => Buffer.from(text).toString('base64')

async function configure(config: object | string): Promise<void> {
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  await writeFile(join(home, '.docker', 'config.json'), text)
}

/** A credential helper that answers for one server as the real ones do. */
async function helper(name: string, server: string, answer: object): Promise<void> {
  const program = join(home, `docker-credential-${name}`)
  const script = `#!/bin/sh
read asked
[ "$1" = get ] || exit 2
if [ "$asked" = "${server}" ]; then echo '${JSON.stringify(answer)}'; else echo "credentials not found in native keychain"; exit 1; fi
`
  await writeFile(program, script)
  await chmod(program, 0o755)
  process.env.PATH = `${home}:${path}`
}

function find(registry: string, env: Record<string, string> = {}, own = true) {
  return findCredentials(registry, { HOME: home, ...env }, own)
}

describe('a login', () => {
  it('is what docker login wrote, for that registry alone', async () => {
    await configure({ auths: { 'https://ghcr.io/v1/': { auth: basic('me:pass:word') } } })
    expect(await find('ghcr.io')).toMatchObject({ credentials: { username: 'me', password: 'pass:word' } })
    expect(await find('quay.io')).toBeUndefined()
  })

  it('of Docker Hub has a key of its own', async () => {
    await configure({ auths: { 'https://index.docker.io/v1/': { auth: basic('me:word') } } })
    expect(await find('docker.io')).toMatchObject({ credentials: { username: 'me' } })
  })

  it('is asked of the helper for the registry, or of the store', async () => {
    await configure({ auths: { 'ghcr.io': {} }, credsStore: 'store' })
    await helper('store', 'ghcr.io', { ServerURL: 'ghcr.io', Username: 'me', Secret: 'kept' })
    expect(await find('ghcr.io')).toEqual({
      credentials: { username: 'me', password: 'kept' },
      source: 'docker-credential-store',
    })
    expect(await find('quay.io')).toBeUndefined()
    await configure({ credHelpers: { 'quay.io': 'own' } })
    await helper('own', 'quay.io', { Username: '<token>', Secret: 'refresh' })
    expect(await find('quay.io')).toMatchObject({ credentials: { identityToken: 'refresh' } })
  })

  it('of the variables comes first, for own registries or for the one that is named', async () => {
    await configure({ auths: { 'ghcr.io': { auth: basic('file:word') } } })
    const env = { DEVENV_REGISTRY_USER: 'ci', DEVENV_REGISTRY_PASSWORD: 'word' }
    expect(await find('ghcr.io', env)).toMatchObject({ credentials: { username: 'ci' } })
    expect(await find('ghcr.io', env, false)).toMatchObject({ credentials: { username: 'file' } })
    const named = { ...env, DEVENV_REGISTRY: 'quay.io' }
    expect(await find('quay.io', named, false)).toMatchObject({ credentials: { username: 'ci' } })
    expect(await find('ghcr.io', named)).toMatchObject({ credentials: { username: 'file' } })
  })

  it('is none where nothing is configured', async () => {
    expect(await find('ghcr.io')).toBeUndefined()
  })
})

describe('what cannot be used', () => {
  it('is half a login', async () => {
    await expect(find('ghcr.io', { DEVENV_REGISTRY_USER: 'ci' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('DEVENV_REGISTRY_PASSWORD is not'),
    })
  })

  it('is told without a word of what it holds', async () => {
    await configure('{"auths":{"ghcr.io":{"auth":"c2VjcmV0"')
    const broken = await find('ghcr.io').catch((thrown) => thrown)
    expect(broken).toMatchObject({ code: 'CONFIG_INVALID' })
    expect(`${broken.message}${broken.cause ?? ''}`).not.toContain('c2VjcmV0')
    await configure({ credHelpers: { 'ghcr.io': 'absent' } })
    await expect(find('ghcr.io')).rejects.toThrow(/docker-credential-absent: it does not tell/)
    await configure({ credHelpers: { 'ghcr.io': '../../bin/sh' } })
    await expect(find('ghcr.io')).rejects.toThrow(/no usable name/)
  })
})
