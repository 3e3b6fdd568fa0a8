import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BrokerUser, changeBrokerPassword } from './servers.ts'

let server: Server
let accepted: Set<string>
let put: unknown
/** A broker that goes on taking the old password. */
let lax = false

beforeEach(async () => {
  accepted = new Set(['old'])
  lax = false
  server = createServer(async (request, response) => {
    const [, password = ''] = atob(request.headers.authorization!.split(' ')[1]!).split(':')
    if (!accepted.has(password)) return response.writeHead(401).end()
    if (request.method === 'PUT') {
      put = await json(request)
      if (!lax) accepted.clear()
      accepted.add((put as { password: string }).password)
      return response.writeHead(204).end()
    }
    return response.end(JSON.stringify({ tags: ['administrator', 'x'] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => server.close())

function access(): BrokerUser {
  const { port } = server.address() as AddressInfo
  return { management: `http://127.0.0.1:${port}`, username: 'hr', password: 'old' }
}

test('the user keeps its tags and gets the new password', async () => {
  await changeBrokerPassword(access(), 'new')
  expect(put).toEqual({ password: 'new', tags: 'administrator,x' })
})

test('a broker that still takes the old password has not changed it', async () => {
  lax = true
  await expect(changeBrokerPassword(access(), 'new')).rejects.toThrow('still takes the old password')
})

test('a refusal names the call and no password', async () => {
  accepted = new Set(['another'])
  await expect(changeBrokerPassword(access(), 'new')).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: "RabbitMQ's management API, GET /api/users/hr: it answered 401",
  })
})
