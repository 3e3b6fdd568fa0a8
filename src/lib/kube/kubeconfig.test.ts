import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadKubeconfig } from './kubeconfig.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'))
})
afterEach(() => rm(folder, { recursive: true }))

const base64 = (text: string) => Buffer.from(text).toString('base64')

async function write(user: object, cluster: object = {}): Promise<string> {
  const path = join(folder, 'config')
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    contexts: [
      { name: 'main', context: { cluster: 'c', user: 'u', namespace: 'team1-ns' } },
      { name: 'broken', context: { cluster: 'nowhere', user: 'u' } },
    ],
    clusters: [
      {
        name: 'c',
        cluster: {
          server: 'https://127.0.0.1:6443/',
          'certificate-authority-data': base64('CA'),
          ...cluster,
        },
      },
    ],
    users: [{ name: 'u', user }],
  }
  await writeFile(path, stringify(document))
  return path
}

test('client certificates, inline and as files beside the kubeconfig', async () => {
  await writeFile(join(folder, 'key.pem'), 'KEY')
  const config = await loadKubeconfig(
    await write({ 'client-certificate-data': base64('CERT'), 'client-key': 'key.pem' }),
  )
  expect(config).toMatchObject({
    server: 'https://127.0.0.1:6443',
    namespace: 'team1-ns',
    tls: { ca: 'CA', cert: 'CERT', key: 'KEY' },
  })
  expect(config.authorization).toBeUndefined()
})

test('a token is sent as a bearer, and a token file is read anew each time', async () => {
  const config = await loadKubeconfig(await write({ token: 'abc' }))
  expect(await config.authorization?.()).toBe('Bearer abc')
  await writeFile(join(folder, 'token'), 'one\n')
  const fromFile = await loadKubeconfig(await write({ tokenFile: 'token' }))
  expect(await fromFile.authorization?.()).toBe('Bearer one')
  await writeFile(join(folder, 'token'), 'two\n')
  expect(await fromFile.authorization?.()).toBe('Bearer two')
})

test('an exec plugin is run for its token', async () => {
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: 'from-plugin' },
  }
  const plugin = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'echo',
    args: [JSON.stringify(credential)],
  }
  const config = await loadKubeconfig(await write({ exec: { ...plugin, interactiveMode: 'Never' } }))
  expect(await config.authorization?.()).toBe('Bearer from-plugin')
  expect(config.tls.ca).toBe('CA')
})

test('an exec plugin is told what kubectl tells it, and one that fails is named with its own words', async () => {
  const plugin = (command: string, ...args: string[]) => ({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args, interactiveMode: 'Never' },
  })
  const script = `printf '{"status":{"token":"%s"}}' "$(echo "$KUBERNETES_EXEC_INFO" | tr -d '"')"`
  const config = await loadKubeconfig(await write(plugin('sh', '-c', script)))
  expect(await config.authorization?.()).toMatch(/apiVersion:client.authentication.k8s.io\/v1,kind:ExecCred/)

  const failing = await write(plugin('sh', '-c', 'echo "session expired, run: cloud login" >&2; exit 7'))
  await expect(loadKubeconfig(failing)).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
    message: `${failing}: the credential plugin sh failed: session expired, run: cloud login`,
  })
  const missing = plugin('cloud-auth-plugin')
  const hint = { exec: { ...missing.exec, installHint: 'Get it from your cloud.\n' } }
  await expect(loadKubeconfig(await write(missing))).rejects.toThrow(/cloud-auth-plugin is not installed/)
  await expect(loadKubeconfig(await write(hint))).rejects.toMatchObject({ fix: 'Get it from your cloud.' })
  for (const answer of ['no json', '{}'])
    await expect(loadKubeconfig(await write(plugin('echo', answer)))).rejects.toThrow(
      /echo does not answer with an ExecCredential/,
    )
})

test('what cannot be used is CONFIG_INVALID and says why', async () => {
  await expect(loadKubeconfig(join(folder, 'absent'))).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  const path = await write({})
  await expect(loadKubeconfig(path, 'other')).rejects.toThrow(/no context "other" \(it has: main, broken\)/)
  await expect(loadKubeconfig(path, 'broken')).rejects.toThrow(/no cluster "nowhere"/)
  await expect(loadKubeconfig(await write({}, { 'proxy-url': 'http://proxy' }))).rejects.toThrow(/proxy-url/)
})
