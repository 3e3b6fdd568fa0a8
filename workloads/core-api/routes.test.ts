import { afterEach, describe, expect, test } from 'vitest'
import { type RunningServer, serve } from '../shared/http-server.ts'
import type { Dependencies } from './generate.ts'
import type { Result } from './results.ts'
import { routesOf } from './routes.ts'
import { BrokerUnavailable, type Reply, ReplyTimeout } from './rpc.ts'
import { warmUp } from './warm-up.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const TEXTS = { vacancy_text: 'v', resume_text: 'r' }
let server: RunningServer | undefined
afterEach(() => server?.close())

interface Setup {
  reply?: Reply | Error
  ready?: boolean
  /** Whether broker and database were ever connected. */
  connected?: boolean
  saveFails?: boolean
  env?: Record<string, string>
}

async function start(setup: Setup) {
  const calls: unknown[][] = []
  const rows: Result[] = []
  const times = [1000, 1250]
  const deps: Dependencies = {
    rpc: {
      ready: () => true,
      call: async (...call) => {
        calls.push(call)
        if (setup.reply instanceof Error) throw setup.reply
        return setup.reply ?? { status: 'success', data: { text: 'done' } }
      },
    },
    results: {
      ready: () => setup.ready ?? true,
      save: async (result) => {
        if (setup.saveFails) throw new Error('gone')
        return rows.push(result)
      },
    },
    log,
    warm: warmUp(() => setup.connected ?? true, 0),
    timeoutMs: 60_000,
    now: () => times.shift() ?? 0,
  }
  server = await serve({ routes: routesOf(setup.env ?? {}, deps), host: '127.0.0.1', port: 0, log })
  const url = `http://127.0.0.1:${server.port}`
  const send = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body), headers })
    return { status: response.status, headers: response.headers, body: (await response.json()) as any }
  }
  return { url, send, calls, rows }
}

describe('generate', () => {
  test.each([
    ['/job-description/generate', { input_data: { a: 1 } }, 'job_description_task', 'job_description'],
    ['/questions/generate', TEXTS, 'question_generation_task', 'question_generation'],
    [
      '/resume/evaluation',
      { ...TEXTS, report: { status: 'success', data: { score: 1 } } },
      'resume_evaluation_task',
      'resume_evaluation',
    ],
  ])('%s publishes, stores and answers', async (path, body, queue, requestType) => {
    const { send, calls, rows } = await start({})
    const answer = await send(path, { ...body, user_id: 1, ignored: true }, { 'x-task-ms': '40' })
    expect(answer).toMatchObject({
      status: 200,
      body: { id: 1, status: 'success', data: { text: 'done' }, latency_ms: 250 },
    })
    expect(calls).toEqual([[queue, body, { timeoutMs: 60_000, headers: { 'x-task-ms': '40' } }]])
    expect(rows).toEqual([
      {
        userId: 1,
        requestType,
        requestPayload: body,
        responsePayload: { status: 'success', data: { text: 'done' } },
        status: 'success',
        errorMessage: undefined,
        latencyMs: 250,
      },
    ])
  })

  test.each([
    ['/job-description/generate', { input_data: 'text' }, 'input_data'],
    ['/questions/generate', { vacancy_text: 'v', resume_text: ' ' }, 'resume_text'],
    ['/resume/evaluation', { ...TEXTS, report: { status: 'error', data: {} } }, 'report.status'],
    ['/resume/evaluation', { ...TEXTS, report: { status: 'success' } }, 'report.data'],
    ['/questions/generate', { ...TEXTS, user_id: 'me' }, 'user_id'],
  ])('%s refuses %o', async (path, body, named) => {
    const { send, calls, rows } = await start({})
    const answer = await send(path, body)
    expect(answer.status).toBe(400)
    expect(answer.body.error.message).toContain(named)
    expect([calls, rows]).toEqual([[], []])
  })

  test.each([
    [
      'an error reply',
      { status: 'error', message: 'no model' } as Reply,
      502,
      'task_failed',
      'error',
      'no model',
    ],
    ['no reply', new ReplyTimeout('no reply within 5 ms'), 504, 'timeout', 'timeout', 'no reply within 5 ms'],
    ['a broken reply', new Error('no status'), 502, 'task_failed', 'error', 'no status'],
  ])('%s is stored and answered as a failure', async (_case, reply, status, code, rowStatus, reason) => {
    const { send, rows } = await start({ reply })
    const answer = await send('/questions/generate', TEXTS)
    expect(answer).toMatchObject({ status, body: { id: 1, error: { code, message: reason } } })
    expect(rows).toMatchObject([{ status: rowStatus, errorMessage: reason }])
  })

  test('while the broker is away: 503, to be tried again, and no row', async () => {
    const { send, rows } = await start({ reply: new BrokerUnavailable('away') })
    const answer = await send('/questions/generate', TEXTS)
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'broker_unavailable' } } })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(rows).toEqual([])
  })

  test('while the database is away nothing is published', async () => {
    const { send, calls } = await start({ ready: false })
    expect(await send('/questions/generate', TEXTS)).toMatchObject({
      status: 503,
      body: { error: { code: 'database_unavailable' } },
    })
    expect(calls).toEqual([])
  })

  test('a result that cannot be stored is not lost to the caller', async () => {
    const { send } = await start({ saveFails: true })
    expect(await send('/questions/generate', TEXTS)).toMatchObject({
      status: 503,
      body: { error: { code: 'result_not_stored' }, data: { text: 'done' } },
    })
  })
})

test('health, version and readiness', async () => {
  const { url } = await start({ env: { IMAGE_TAG: 'sha-1234567' }, ready: false })
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' })
  expect(await (await fetch(`${url}/version`)).json()).toEqual({ version: 'sha-1234567' })
  const ready = await fetch(`${url}/ready`)
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: 'error', broker: true, database: false },
  ])
})

test('health fails until all has been connected once', async () => {
  const { url } = await start({ connected: false, ready: false })
  const health = await fetch(`${url}/health`)
  expect([health.status, await health.json()]).toEqual([
    503,
    { status: 'starting', broker: true, database: false },
  ])
})

test('a bad release fails its health check', async () => {
  const { url } = await start({ env: { FAIL_HEALTH: '1' } })
  expect((await fetch(`${url}/health`)).status).toBe(503)
})
