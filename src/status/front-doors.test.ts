import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { frontDoors } from './front-doors.ts'

async function asked(code: number, body: string) {
  const paths: (string | undefined)[] = []
  const server = createServer((request, response) => {
    paths.push(request.url)
    response.writeHead(code)
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const [door] = await frontDoors({ coreApi: address })
    return { ...door, paths }
  } finally {
    server.close()
  }
}

test('a door that answers is open, also one that does not know the path', async () => {
  expect(await asked(200, '{"status":"ok"}')).toMatchObject({ name: 'core-api', ok: true, paths: ['/ready'] })
  expect(await asked(404, '{"detail":"Not Found"}')).toMatchObject({ ok: true })
})

test('an error says what is missing, if the answer does', async () => {
  expect(await asked(503, '{"status":"error","broker":true,"database":false}')).toMatchObject({
    ok: false,
    message: 'answers 503 at /ready: database not connected',
  })
  expect(await asked(502, '<html>')).toMatchObject({ ok: false, message: 'answers 502 at /ready' })
})

test('a connection that is cut is tried once more, not over and over', async () => {
  let cuts = 0
  const server = createServer((_request, response) => {
    if (cuts-- > 0) response.destroy()
    else response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const coreApi = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    cuts = 1
    expect(await frontDoors({ coreApi })).toMatchObject([{ ok: true }])
    cuts = 3
    expect(await frontDoors({ coreApi })).toMatchObject([
      { ok: false, message: expect.stringMatching(/hang up/) },
    ])
  } finally {
    server.close()
  }
})

test('nobody there', async () => {
  const [door] = await frontDoors({ frontend: 'http://127.0.0.1:1' })
  expect(door).toMatchObject({
    name: 'frontend',
    ok: false,
    message: expect.stringMatching(/^does not answer: /),
  })
})

test('an address that is not known is not asked', async () => {
  expect(await frontDoors({})).toEqual([])
})
