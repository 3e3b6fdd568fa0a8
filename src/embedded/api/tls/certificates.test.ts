import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadCertificates } from './certificates.ts'
import { kubeconfig } from './kubeconfig.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('are made once and kept private', async () => {
  const first = await loadCertificates(folder)
  expect(await loadCertificates(folder)).toEqual(first)
  expect(statSync(join(folder, 'certificates.json')).mode & 0o777).toBe(0o600)
  const ca = new X509Certificate(first.ca)
  const server = new X509Certificate(first.cert)
  const client = new X509Certificate(first.clientCert)
  expect(server.verify(ca.publicKey) && client.verify(ca.publicKey)).toBe(true)
  expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(server.checkHost('kubernetes.default.svc')).toBeDefined()
  expect(client.subject).toContain('O=system:masters')
})

it('are replaced when they end, lack an address or are damaged', async () => {
  const first = await loadCertificates(folder)
  const later = Date.now() + 9.95 * 365 * 24 * 3600 * 1000
  const second = await loadCertificates(folder, { nowMs: later })
  expect(second.cert).not.toBe(first.cert)
  const third = await loadCertificates(folder, { addresses: ['127.9.9.9'] })
  expect(new X509Certificate(third.cert).checkIP('127.9.9.9')).toBeDefined()
  writeFileSync(join(folder, 'certificates.json'), '{')
  expect((await loadCertificates(folder)).ca).not.toBe(third.ca)
})

it('go into the kubeconfig', async () => {
  const certificates = await loadCertificates(undefined)
  const config = parse(kubeconfig({ name: 'env', server: 'https://127.0.0.1:1', certificates }))
  expect(config['current-context']).toBe('env')
  expect(Buffer.from(config.users[0].user['client-key-data'], 'base64').toString()).toBe(
    certificates.clientKey,
  )
})
