import { afterEach, describe, expect, test } from 'vitest'
import { type RunningServer, serve } from '../shared/http-server.ts'
import { complete, type Settings, settingsFrom } from './completions.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
let server: RunningServer | undefined
afterEach(() => server?.close())

async function start(settings: Partial<Settings> = {}) {
  const slept: number[] = []
  const all: Settings = {
    ...settingsFrom({ LLM_LATENCY_MS: '1000' }),
    random: () => 0.75,
    sleep: async (ms) => void slept.push(ms),
    ...settings,
  }
  server = await serve({
    routes: { 'POST /': (request, response) => complete(request, response, all) },
    host: '127.0.0.1',
    port: 0,
    log,
  })
  const url = `http://127.0.0.1:${server.port}/`
  const send = (body: unknown, headers: Record<string, string> = { authorization: 'Bearer any' }) =>
    fetch(url, { method: 'POST', body: JSON.stringify(body), headers })
  return { send, slept }
}

const jsonOf = async (response: Response) => (await response.json()) as any
const messages = [{ role: 'user', content: 'Hello World' }]

describe('completions', () => {
  test('answers as the API does', async () => {
    const { send } = await start()
    const body = await jsonOf(await send({ model: 'm', messages }))
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant' }, finish_reason: 'stop' }],
    })
    expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + body.usage.completion_tokens)
  })

  test('gives JSON of the asked schema', async () => {
    const { send } = await start()
    const schema = { type: 'object', properties: { score: { type: 'integer', minimum: 3, maximum: 3 } } }
    const body = await jsonOf(await send({ messages, response_format: { json_schema: { schema } } }))
    expect(JSON.parse(body.choices[0].message.content)).toEqual({ score: 3 })
  })

  test.each([
    [{}, {}, 1000],
    [{ jitter: 0.2 }, {}, 1100],
    [{ jitter: 0.2 }, { 'x-task-ms': '40' }, 40],
    [{}, { 'x-task-ms': '' }, 1000],
  ])('with %o and headers %o it takes %s ms', async (settings, headers, expected) => {
    const { send, slept } = await start(settings)
    await send({ messages }, { authorization: 'Bearer any', ...headers })
    expect(slept).toEqual([expected])
  })

  test('fails at the asked rate', async () => {
    expect((await (await start({ errorRate: 0.8 })).send({ messages })).status).toBe(503)
    await server?.close()
    expect((await (await start({ errorRate: 0.7 })).send({ messages })).status).toBe(200)
  })

  test.each([[{}], [{ messages: [] }], [{ messages: [{ role: 'user' }] }]])('refuses %o', async (body) => {
    expect((await (await start()).send(body)).status).toBe(400)
  })

  test('wants a key, any key', async () => {
    expect((await (await start()).send({ messages }, {})).status).toBe(401)
  })

  test('streams the same text word by word', async () => {
    const { send } = await start()
    const whole = (await jsonOf(await send({ messages }))).choices[0].message.content
    const lines = (await (await send({ messages, stream: true })).text()).split('\n\n').filter(Boolean)
    expect(lines.pop()).toBe('data: [DONE]')
    const deltas = lines.map((line) => JSON.parse(line.slice('data: '.length)).choices[0].delta.content ?? '')
    expect(deltas.join('')).toBe(whole)
  })
})
