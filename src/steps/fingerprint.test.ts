import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fingerprint } from './fingerprint.ts'

it('changes with the user’s proxies and certificates, which mirrors are made with', async () => {
  const checkout = await mkdtemp(join(tmpdir(), 'dv-print-'))
  try {
    const ca = join(checkout, 'ca.pem')
    const of = (env: Record<string, string>) =>
      fingerprint({ checkout, name: 'demo', cluster: 'k3d' }, { HTTPS_PROXY: 'http://a:1', ...env })
    const print = await of({})
    expect(await of({ HTTP_PROXY: '' })).toBe(print)
    await writeFile(ca, 'one')
    const certified = await of({ NODE_EXTRA_CA_CERTS: ca })
    await writeFile(ca, 'another')
    const prints = [
      certified,
      await of({ NODE_EXTRA_CA_CERTS: ca }),
      await of({ HTTPS_PROXY: 'http://b:1' }),
      await of({ no_proxy: 'corp' }),
    ]
    expect(new Set([print, ...prints]).size).toBe(5)
  } finally {
    await rm(checkout, { recursive: true, force: true })
  }
})
