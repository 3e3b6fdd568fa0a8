import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { post } from './http-client.ts'
import { type Routes, type RunningServer, readJsonObject, sendJson, serve } from './http-server.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
let server: RunningServer | undefined
afterEach(() => server?.close())

async function start(routes: Routes, lingerMs = 0): Promise<string> {
  server = await serve({ routes, host: '127.0.0.1', port: 0, log, lingerMs, keepAliveMs: 0 })
  return `http://127.0.0.1:${server.port}`
}

const echo: Routes = {
  'POST /echo': async (request, response) => sendJson(response, 200, await readJsonObject(request)),
  'GET /fail': () => {
    throw new Error('secret detail')
  },
}

test('answers by method and path, whatever the query', async () => {
  const url = await start(echo)
  const answer = await post(`${url}/echo?a=1`, '{"a":1}', { timeoutMs: 1000 })
  expect(answer).toMatchObject({ status: 200, contentType: 'application/json; charset=utf-8' })
  expect(JSON.parse(answer.body.toString())).toEqual({ a: 1 })
})

test.each([
  ['POST', '/nowhere', '', 404, 'not_found'],
  ['POST', '/fail', '', 405, 'method_not_allowed'],
  ['POST', '/echo', '{', 400, 'invalid_json'],
  ['POST', '/echo', '[1]', 400, 'invalid_request'],
  ['POST', '/echo', `"${'x'.repeat(8 << 20)}"`, 413, 'too_large'],
])('%s %s with a bad request answers its code', async (method, path, body, status, code) => {
  const response = await fetch(`${await start(echo)}${path}`, { method, body })
  expect([response.status, ((await response.json()) as any).error.code]).toEqual([status, code])
})

test('an unexpected error says nothing of itself', async () => {
  const response = await fetch(`${await start(echo)}/fail`)
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('secret')
})

test('closing answers the request in hand, and then takes no more', async () => {
  let finish = () => {}
  let arrived = () => {}
  const inHand = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const url = await start({
    'POST /slow': async (_request, response) => {
      arrived()
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      sendJson(response, 200, { done: true })
    },
  })
  const answer = post(`${url}/slow`, '{}', { timeoutMs: 2000 })
  await inHand
  const closed = server?.close()
  finish()
  expect((await answer).status).toBe(200)
  await closed
  server = undefined
  await expect(post(`${url}/slow`, '{}', { timeoutMs: 500 })).rejects.toThrow('ECONNREFUSED')
})

test('closing does not wait for a connection that never asked for anything', async () => {
  const url = new URL(await start(echo))
  const socket = connect(Number(url.port), url.hostname)
  await once(socket, 'connect')
  // The connection is the server's too once it has answered one that came after it.
  await post(`${url}echo`, '{}', { timeoutMs: 1000 })
  await server?.close()
  server = undefined
  await once(socket.resume(), 'close')
})

/** A kept connection that has had one answer, and what is sent and read on it as text. */
async function keptConnection(port: number) {
  const socket = connect(port, '127.0.0.1')
  socket.setEncoding('utf8')
  const ask = async () => {
    socket.write('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}')
    const [answer] = (await once(socket, 'data')) as [string]
    return answer
  }
  await ask()
  return { socket, ask }
}

test('closing answers what comes on a kept connection as long as its client may send there', async () => {
  const running = await serve({
    routes: echo,
    host: '127.0.0.1',
    port: 0,
    log,
    lingerMs: 10,
    keepAliveMs: 500,
  })
  const { socket, ask } = await keptConnection(running.port)
  const closed = running.close()
  await new Promise((resolve) => setTimeout(resolve, 150))
  const answer = await ask()
  expect(answer).toMatch(/^HTTP\/1.1 200 /)
  expect(answer.toLowerCase()).toContain('connection: close')
  const began = performance.now()
  await closed
  // Its last answer was the end of it: nothing is waited for any more.
  expect(performance.now() - began).toBeLessThan(300)
  socket.destroy()
})

test('closing does not wait for a kept connection that its client has given up by now', async () => {
  const running = await serve({ routes: echo, host: '127.0.0.1', port: 0, log, keepAliveMs: 100 })
  const { socket } = await keptConnection(running.port)
  const gone = once(socket, 'close')
  await running.close()
  await gone
})

test('closing goes on accepting while clients come that do not know yet', async () => {
  const running = await serve({
    routes: echo,
    host: '127.0.0.1',
    port: 0,
    log,
    lingerMs: 200,
    keepAliveMs: 0,
  })
  const closed = running.close()
  for (let sent = 0; sent < 10; sent++) {
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect((await post(`http://127.0.0.1:${running.port}/echo`, '{}', { timeoutMs: 1000 })).status).toBe(200)
  }
  await closed
  await expect(post(`http://127.0.0.1:${running.port}/echo`, '{}', { timeoutMs: 500 })).rejects.toThrow()
})

test('tells clients to give a connection up before this side would', async () => {
  const running = await serve({ routes: echo, host: '127.0.0.1', port: 0, log })
  const response = await fetch(`http://127.0.0.1:${running.port}/echo`, { method: 'POST', body: '{}' })
  expect(response.headers.get('keep-alive')).toBe('timeout=3')
  await response.text()
  await running.close()
})
