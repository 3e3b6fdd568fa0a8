import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPayloads, sizedPayload } from './payloads.ts'
import { chooseQueues } from './queues.ts'

const CHECKOUT = join(import.meta.dirname, '..', '..')

test.each(chooseQueues('all'))('the checkout has payloads for $name', async (queue) => {
  for (const payload of await readPayloads(queue, CHECKOUT))
    expect(JSON.parse(payload.toString())).toBeTypeOf('object')
})

test.each(chooseQueues('all'))('a request to $name can have any size', async (queue) => {
  for (const bytes of [200, 4_096, 1_000_000]) {
    const payload = sizedPayload(queue, bytes)
    expect(payload).toHaveLength(bytes)
    // The same fields as in the seeds: a worker accepts it.
    const [seed] = await readPayloads(queue, CHECKOUT)
    expect(Object.keys(JSON.parse(payload.toString()))).toEqual(Object.keys(JSON.parse(seed!.toString())))
  }
  expect(() => sizedPayload(queue, 20)).toThrow(/a request to \w+ has at least \d+/)
  const least = Number(/at least (\d+)/.exec(messageOf(() => sizedPayload(queue, 20)))?.[1])
  expect(sizedPayload(queue, least)).toHaveLength(least)
})

function messageOf(call: () => unknown): string {
  try {
    call()
  } catch (thrown) {
    return String(thrown)
  }
  return ''
}
