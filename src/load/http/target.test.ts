import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { arrivalsOf } from '../arrivals.ts'
import { chooseQueues } from '../queues.ts'
import { type LoadOutcome, runLoad } from '../run.ts'
import { httpTarget } from './target.ts'

const NAME = 'question_generation_task'
const servers: ReturnType<typeof createServer>[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function loadOf(url: string, messages: number, timeoutMs = 2_000): Promise<LoadOutcome> {
  const [queue] = chooseQueues('question')
  // The management API is part of the same little server, or is not there.
  const broker = { management: url, username: 'u', password: 'p' }
  return await runLoad(
    {
      queues: [
        {
          queue: queue!,
          messages,
          arrivals: arrivalsOf({ name: 'burst', stages: [{ burst: messages }] }, 'even', Math.random),
          floor: 0,
        },
      ],
      wait: true,
      timeoutMs: 10_000,
      silenceMs: 1_000,
      about: { profile: 'burst', generator: { loop: 'open', arrivals: 'even' }, via: 'core-api' },
    },
    {
      openTarget: httpTarget({
        url,
        routes: [{ queue: NAME, path: '/questions/generate' }],
        payloads: [[Buffer.from('{"n":1}'), Buffer.from('{"n":2}')]],
        taskMs: 70,
        timeoutMs,
        broker,
      }),
      followReplicas: async () => undefined,
      onTick: () => undefined,
      signal: new AbortController().signal,
    },
  )
}

test('every message is a request; answers are counted by status, errors apart', async () => {
  const seen: string[] = []
  const url = await serve(async (request, response) => {
    if (request.method !== 'POST') return response.writeHead(500).end()
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push(`${request.url} ${request.headers['x-task-ms']} ${body}`)
    response.writeHead(seen.length % 4 === 0 ? 502 : 200).end('{}')
  })
  const { report, failure } = await loadOf(url, 20)
  expect(failure).toBeUndefined()
  expect(report.queues[NAME]).toMatchObject({
    published: 20,
    replied: 20,
    lost: 0,
    errors: 5,
    outcomes: { 200: 15, 502: 5 },
  })
  expect(new Set(seen)).toEqual(new Set(['/questions/generate 70 {"n":1}', '/questions/generate 70 {"n":2}']))
})

test('requests do not wait for one another', async () => {
  let open = 0
  let most = 0
  const waiting: (() => void)[] = []
  const url = await serve((request, response) => {
    if (request.method !== 'POST') return response.writeHead(500).end()
    most = Math.max(most, ++open)
    waiting.push(() => response.end('{}'))
    // Nobody is answered before all have come: a closed loop would hang here.
    if (open === 50) for (const answer of waiting) answer()
  })
  expect((await loadOf(url, 50)).report.queues[NAME]).toMatchObject({ replied: 50, lost: 0 })
  expect(most).toBe(50)
})

test('a request without an answer has failed, with the reason counted, and is lost', async () => {
  let count = 0
  const url = await serve((request, response) => {
    count++
    if (request.method !== 'POST') return response.writeHead(500).end()
    if (count % 3 === 0) return request.socket.destroy()
    if (count % 3 === 1) return
    response.end('{}')
  })
  const { report } = await loadOf(url, 30, 300)
  const { replied, failed, lost, outcomes } = report.queues[NAME]!
  expect(replied + failed).toBe(30)
  expect(lost).toBe(failed)
  expect(outcomes).toMatchObject({
    200: replied,
    ECONNRESET: expect.any(Number),
    timeout: expect.any(Number),
  })
})

test('a service that is not there fails every request', async () => {
  const { report } = await loadOf('http://127.0.0.1:1', 5)
  expect(report.queues[NAME]).toMatchObject({ replied: 0, failed: 5, lost: 5, outcomes: { ECONNREFUSED: 5 } })
})
