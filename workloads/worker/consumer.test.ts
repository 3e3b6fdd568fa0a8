import { describe, expect, test, vi } from 'vitest'
import { fakeChannel, message } from '../shared/fake-channel.ts'
import { type ConsumerOptions, createConsumer } from './consumer.ts'
import { TASKS } from './tasks.ts'

const queue = 'job_description_task'
const request = { input_data: { position: 'x' } }
const wanted = { replyTo: 'reply', correlationId: 'c1' }

async function consuming(options: Partial<ConsumerOptions> = {}) {
  const warnings: string[] = []
  const consumer = createConsumer({
    queue,
    task: TASKS[queue]!,
    ask: async () => ({ title: 'T' }),
    log: { debug() {}, info() {}, warn: (text) => void warnings.push(text), error() {} },
    taskMs: undefined,
    ...options,
  })
  const fake = fakeChannel()
  await consumer.open(fake.channel)
  return { consumer, fake, warnings }
}

/** An `ask` that answers when told. */
function held() {
  let answer = (_data: unknown) => {}
  const ask = vi.fn(
    () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  )
  return { ask, answer: (data: unknown) => answer(data) }
}

describe('consumer', () => {
  test('takes one task at a time from a queue that it declares', async () => {
    const { fake } = await consuming()
    expect(fake.events).toEqual([`assert ${queue}`, 'prefetch 1'])
  })

  test('replies with the correlation id, and acknowledges only then', async () => {
    const { fake } = await consuming()
    fake.deliver(queue, message(request, wanted))
    await vi.waitFor(() => expect(fake.acked).toHaveLength(1))
    expect(fake.sent).toMatchObject([
      { queue: 'reply', body: { status: 'success', data: { title: 'T' } }, options: { correlationId: 'c1' } },
    ])
    expect(fake.events.slice(2)).toEqual(['send reply', 'ack c1'])
  })

  test.each([
    ['no JSON', '{', 'the message is not JSON'],
    ['no object', '[]', 'the message is not a JSON object'],
    ['a missing field', {}, 'input_data is missing or no object'],
  ])('%s gets an error reply', async (_case, body, reason) => {
    const { fake } = await consuming()
    fake.deliver(queue, message(body, wanted))
    await vi.waitFor(() => expect(fake.acked).toHaveLength(1))
    expect(fake.sent[0]?.body).toEqual({ status: 'error', message: reason })
  })

  test('a model that fails gets an error reply', async () => {
    const { fake } = await consuming({ ask: () => Promise.reject(new Error('overloaded')) })
    fake.deliver(queue, message(request, wanted))
    await vi.waitFor(() => expect(fake.acked).toHaveLength(1))
    expect(fake.sent[0]?.body).toEqual({ status: 'error', message: 'overloaded' })
  })

  test.each([{}, { replyTo: 'reply' }, { correlationId: 'c1' }])(
    'with %o only there is nobody to answer',
    async (p) => {
      const ask = vi.fn()
      const { fake, warnings } = await consuming({ ask })
      fake.deliver(queue, message(request, p))
      await vi.waitFor(() => expect(fake.acked).toHaveLength(1))
      expect(fake.sent).toEqual([])
      expect(ask).not.toHaveBeenCalled()
      expect(warnings).toHaveLength(1)
    },
  )

  test.each([
    [{ 'x-task-ms': 30 }, 900, 30],
    [{ 'x-task-ms': '0' }, 900, 0],
    [{ 'x-task-ms': 'soon' }, 900, 900],
    [{}, undefined, undefined],
  ])('headers %o beside TASK_MS %s take %s ms', async (headers, taskMs, expected) => {
    const ask = vi.fn(async () => ({}))
    const { fake } = await consuming({ ask, taskMs })
    fake.deliver(queue, message(request, { ...wanted, headers }))
    await vi.waitFor(() => expect(fake.acked).toHaveLength(1))
    expect(ask).toHaveBeenCalledWith(TASKS[queue], request, expected)
  })

  test('draining finishes the task in hand and takes no other', async () => {
    const { ask, answer } = held()
    const { consumer, fake } = await consuming({ ask })
    fake.deliver(queue, message(request, wanted))
    let drained = false
    const draining = consumer.drain().then(() => {
      drained = true
    })
    fake.deliver(queue, message(request, { ...wanted, correlationId: 'c2' }))
    await vi.waitFor(() => expect(fake.events).toContain(`cancel tag-${queue}`))
    expect(drained).toBe(false)
    answer({})
    await draining
    expect(ask).toHaveBeenCalledTimes(1)
    expect(fake.events.slice(-2)).toEqual(['send reply', 'ack c1'])
  })

  test('a reply that the broker did not take leaves the task to be delivered again', async () => {
    const { ask, answer } = held()
    const { consumer, fake, warnings } = await consuming({ ask })
    fake.deliver(queue, message(request, wanted))
    fake.refuse()
    answer({})
    await consumer.drain()
    expect(fake.acked).toEqual([])
    expect(warnings).toHaveLength(1)
  })

  test('asks for a new channel when the queue is deleted', async () => {
    const { fake } = await consuming()
    fake.deliver(queue, null)
    expect(fake.events.at(-1)).toBe('close')
  })
})
