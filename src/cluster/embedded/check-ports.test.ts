import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { checkPorts } from './check-ports.ts'

let server: Server
afterEach(async () => {
  server.close()
  await once(server, 'close')
})

async function listenOn(host: string): Promise<number> {
  server = createServer().listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test.each(['0.0.0.0', '::'])('a listener on %s is named with the port and who wants it', async (host) => {
  const port = await listenOn(host)
  await expect(checkPorts([{ port, owner: 'Service api' }])).rejects.toMatchObject({
    code: 'PORT_BUSY',
    exitCode: 3,
    message: `another program listens on all addresses of this machine at port ${port} (Service api)`,
    fix: expect.stringContaining(`ss -ltnp 'sport = :${port}'`),
  })
})

test('a listener on one address disturbs nobody', async () => {
  await checkPorts([{ port: await listenOn('127.0.0.1'), owner: 'Service api' }])
})
