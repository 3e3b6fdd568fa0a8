import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { flattenContext, kubeconfigFiles, looksLocal } from './contexts.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devenv-contexts-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function kubeconfig(name: string, document: object): Promise<string> {
  const path = join(folder, name, 'config')
  await mkdir(join(folder, name), { recursive: true })
  await writeFile(path, stringify({ apiVersion: 'v1', kind: 'Config', ...document }))
  return path
}

const work = {
  contexts: [
    { name: 'lab', context: { cluster: 'lab', user: 'me', namespace: 'x' } },
    { name: 'half', context: { cluster: 'gone', user: 'me' } },
  ],
  clusters: [
    { name: 'lab', cluster: { server: 'https://lab.example.com:6443', 'certificate-authority': 'ca.pem' } },
  ],
  users: [{ name: 'me', user: { exec: { command: './login', args: ['token'] }, tokenFile: '/abs/token' } }],
}

describe('flattenContext', () => {
  it('answers one context as a kubeconfig that stands alone, and writes nothing', async () => {
    const path = await kubeconfig('one', work)
    const before = await readFile(path, 'utf8')
    const flat = await flattenContext('lab', { KUBECONFIG: path })
    expect(flat.server).toBe('https://lab.example.com:6443')
    expect(parse(flat.text)).toMatchObject({
      'current-context': 'lab',
      contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'me', namespace: 'x' } }],
      clusters: [{ cluster: { 'certificate-authority': join(folder, 'one', 'ca.pem') } }],
      users: [{ user: { tokenFile: '/abs/token', exec: { command: join(folder, 'one', 'login') } } }],
    })
    expect(await readFile(path, 'utf8')).toBe(before)
  })

  it('searches all files, the first of a name wins', async () => {
    const first = await kubeconfig('first', {
      contexts: [{ name: 'lab', context: { cluster: 'lab' } }],
      clusters: [{ name: 'lab', cluster: { server: 'https://first:1' } }],
    })
    const second = await kubeconfig('second', work)
    const env = { KUBECONFIG: [first, join(folder, 'absent'), second].join(delimiter) }
    expect((await flattenContext('lab', env)).server).toBe('https://first:1')
  })

  it('names the contexts that there are', async () => {
    const path = await kubeconfig('three', work)
    await expect(flattenContext('prod', { KUBECONFIG: path })).rejects.toMatchObject({
      code: 'USAGE',
      fix: 'There are: lab, half.',
    })
    await expect(flattenContext('half', { KUBECONFIG: path })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })

  it('refuses a client certificate that has ended, with the day', async () => {
    const path = await kubeconfig('expired', {
      ...work,
      users: [
        {
          name: 'me',
          user: { 'client-certificate-data': Buffer.from(await expiredCertificate()).toString('base64') },
        },
      ],
    })
    await expect(flattenContext('lab', { KUBECONFIG: path })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      exitCode: 3,
      message: expect.stringContaining('2020-01-02'),
    })
  })
})

it('reads ~/.kube/config without KUBECONFIG', () => {
  expect(kubeconfigFiles({ HOME: '/home/me' })).toEqual(['/home/me/.kube/config'])
})

it('tells a cluster on this machine from one elsewhere', () => {
  const local = (name: string, server: string) => looksLocal({ name, server })
  expect(local('anything', 'https://127.0.0.1:6443')).toBe(true)
  expect(local('x', 'https://[::1]:6443')).toBe(true)
  expect(local('docker-desktop', 'https://kubernetes.docker.internal:6443')).toBe(true)
  expect(local('minikube', 'https://192.168.49.2:8443')).toBe(true)
  expect(local('office', 'https://192.168.49.2:8443')).toBe(false)
  expect(local('kind-like', 'https://prod.example.com')).toBe(false)
  expect(local('prod', 'https://prod.example.com')).toBe(false)
})

async function expiredCertificate(): Promise<string> {
  await import('reflect-metadata')
  const { X509CertificateGenerator } = await import('@peculiar/x509')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=me',
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2020-01-02'),
    signingAlgorithm: { ...algorithm, hash: 'SHA-256' },
    keys,
  })
  return certificate.toString('pem')
}
