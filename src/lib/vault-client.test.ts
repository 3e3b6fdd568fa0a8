import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { keepStraight, vaultClient } from './vault-client.ts'

afterEach(() => vi.unstubAllEnvs())

it('asks Vault itself where a proxy is set for everything', async () => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"initialized":true}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1')
  vi.stubEnv('http_proxy', 'http://127.0.0.1:1')
  vi.stubEnv('NO_PROXY', '10.0.0.0/8')
  vi.stubEnv('no_proxy', undefined)
  const vault = await vaultClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 't')
  expect(await vault.status()).toEqual({ initialized: true })
  server.close()
})

it('leaves the variables alone where there is no proxy, and adds a host once', () => {
  const none = {}
  keepStraight('127.0.0.1', none)
  expect(none).toEqual({})
  const env = { HTTP_PROXY: 'http://p', NO_PROXY: 'a', no_proxy: 'b c' }
  keepStraight('127.0.0.1', env)
  keepStraight('127.0.0.1', env)
  expect(env).toMatchObject({ NO_PROXY: 'a', no_proxy: 'b,c,127.0.0.1' })
})
