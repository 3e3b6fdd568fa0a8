import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { askQueues } from './ask-queues.ts'

test('a password that was rotated is refused once, read again, and good the next time', async () => {
  const wanted = `Basic ${Buffer.from('u:new').toString('base64')}`
  const server = createServer((request, response) => {
    const good = request.headers.authorization === wanted
    response.writeHead(good ? 200 : 401)
    response.end(good ? '[{"name":"q","messages_ready":3,"messages_unacknowledged":2}]' : '{}')
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const management = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const access = {
    management,
    username: 'u',
    password: 'old',
    async renew() {
      this.password = 'new'
    },
  }
  expect(await askQueues(access)).toBeUndefined()
  expect(await askQueues(access)).toMatchObject([{ name: 'q', ready: 3, unacked: 2 }])
  // Without a way to renew, and without a server, it is not known.
  expect(await askQueues({ management: 'http://127.0.0.1:1', username: 'u', password: 'p' })).toBeUndefined()
})
