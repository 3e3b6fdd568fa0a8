import { describe, expect, test } from 'vitest'
import { fakeChannel, message } from '../shared/fake-channel.ts'
import { BrokerUnavailable, createRpc, ReplyTimeout } from './rpc.ts'

const options = { timeoutMs: 1000 }

async function opened() {
  const rpc = createRpc(['one', 'two'])
  const fake = fakeChannel()
  await rpc.open(fake.channel)
  const reply = (index: number, body: unknown) =>
    fake.deliver('amq.gen-1', message(body, { correlationId: fake.sent[index]?.options.correlationId }))
  return { rpc, fake, reply }
}

describe('rpc', () => {
  test('declares the queues before it can be called', async () => {
    const { rpc, fake } = await opened()
    expect(fake.events).toEqual(['assert one', 'assert two', 'assert '])
    expect(rpc.ready()).toBe(true)
  })

  test('publishes what the workers need to reply', async () => {
    const { rpc, fake, reply } = await opened()
    const call = rpc.call('one', { a: 1 }, { ...options, headers: { 'x-task-ms': '5' } })
    expect(fake.sent[0]).toMatchObject({
      queue: 'one',
      body: { a: 1 },
      options: { replyTo: 'amq.gen-1', persistent: true, headers: { 'x-task-ms': '5' } },
    })
    reply(0, { status: 'success', data: 2 })
    expect(await call).toEqual({ status: 'success', data: 2 })
  })

  test('gives each caller its own reply, in whatever order they come', async () => {
    const { rpc, reply } = await opened()
    const calls = [rpc.call('one', {}, options), rpc.call('one', {}, options)]
    reply(1, { status: 'success', data: 'second' })
    reply(0, { status: 'success', data: 'first' })
    expect((await Promise.all(calls)).map((answer) => answer.data)).toEqual(['first', 'second'])
  })

  test('a reply that nobody waits for changes nothing', async () => {
    const { rpc, fake, reply } = await opened()
    fake.deliver('amq.gen-1', message({ status: 'success' }, { correlationId: 'stranger' }))
    const call = rpc.call('one', {}, options)
    reply(0, { status: 'error', message: 'no' })
    expect(await call).toEqual({ status: 'error', message: 'no' })
  })

  test.each(['not json', '{"data":1}', 'null'])('a reply of %s fails its caller', async (body) => {
    const { rpc, reply } = await opened()
    const call = rpc.call('one', {}, options)
    reply(0, body)
    await expect(call).rejects.toThrow()
  })

  test('fails when no reply comes in time', async () => {
    const { rpc } = await opened()
    await expect(rpc.call('one', {}, { timeoutMs: 1 })).rejects.toBeInstanceOf(ReplyTimeout)
  })

  test('fails while there is no channel, and what waits when it goes', async () => {
    const { rpc } = await opened()
    const call = rpc.call('one', {}, options)
    rpc.lost()
    await expect(call).rejects.toBeInstanceOf(BrokerUnavailable)
    await expect(rpc.call('one', {}, options)).rejects.toBeInstanceOf(BrokerUnavailable)
    expect(rpc.ready()).toBe(false)
  })

  test('fails when the broker does not confirm', async () => {
    const { rpc, fake } = await opened()
    fake.refuse()
    await expect(rpc.call('one', {}, options)).rejects.toBeInstanceOf(BrokerUnavailable)
  })
})
