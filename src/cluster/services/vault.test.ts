import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { prepareVault } from './vault.ts'

it('waits until a new mount has become a versioned one: until then Vault refuses every write to it', async () => {
  const asked: string[] = []
  let refusals = 2
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(`${request.method} ${path}`)
    response.setHeader('content-type', 'application/json')
    if (path === '/v1/team1/config' && refusals-- > 0) {
      response.writeHead(400)
      response.end(JSON.stringify({ errors: ['Upgrading from non-versioned to versioned data.'] }))
      return
    }
    const known = path === '/v1/sys/seal-status' ? { initialized: true, sealed: false } : { data: {} }
    response.end(JSON.stringify(known))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const heard: string[] = []
    await prepareVault(
      { address, rootToken: 'root', mount: 'team1', readToken: 'read' },
      { signal: AbortSignal.timeout(10_000), waiting: (what) => heard.push(what) },
    )
    expect(asked.filter((one) => one === 'GET /v1/team1/config')).toHaveLength(3)
    expect(heard.join()).toMatch(/Upgrading/)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
