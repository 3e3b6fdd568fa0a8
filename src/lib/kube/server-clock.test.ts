import { describe, expect, it } from 'vitest'
import { ServerClock } from './server-clock.ts'
import { FakeApi } from './testing/fake-api.ts'

const at = (time: string) => Date.parse(`2026-11-26T${time}Z`)
const header = (time: string) => new Date(at(time)).toUTCString()

describe('ServerClock', () => {
  it.each([
    { server: '12:00:00', sent: '12:00:00.400', received: '12:00:00.600', ahead: 0, is: 'the same' },
    { server: '12:00:00', sent: '12:00:00.900', received: '12:00:01.700', ahead: 0, is: 'not known better' },
    { server: '09:00:00', sent: '12:00:00.000', received: '12:00:00.010', ahead: -10_799_000, is: 'behind' },
    { server: '12:00:30', sent: '12:00:00.000', received: '12:00:00.010', ahead: 29_990, is: 'ahead' },
  ])('finds a server $is', ({ server, sent, received, ahead }) => {
    const clock = new ServerClock()
    clock.observe(header(server), at(sent), at(received))
    expect(clock.aheadMs).toBe(ahead)
    expect(clock.of(1_000)).toBe(1_000 + ahead)
  })

  it('keeps what it knows where an answer tells nothing', () => {
    const clock = new ServerClock()
    clock.observe(header('09:00:00'), at('12:00:00'), at('12:00:00'))
    clock.observe(undefined, at('12:00:00'), at('12:00:00'))
    expect(clock.aheadMs).toBeLessThan(-10_000_000)
  })

  it('is a client’s from its first answer on', async () => {
    await using api = await FakeApi.start()
    api.behindMs = 3_600_000
    api.answers.set('/readyz', (response) => void response.end('ok'))
    const client = api.client()
    await client.raw('GET', '/readyz')
    client.close()
    expect(client.clock.aheadMs).toBeLessThan(-3_590_000)
    expect(client.clock.now()).toBeLessThan(Date.now() - 3_590_000)
  })
})
