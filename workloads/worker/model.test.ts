import { afterEach, describe, expect, test } from 'vitest'
import {
  type Handler,
  HttpError,
  type RunningServer,
  readJsonObject,
  sendJson,
  serve,
} from '../shared/http-server.ts'
import { createModel } from './model.ts'
import { TASKS } from './tasks.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const task = TASKS.job_description_task!
let server: RunningServer | undefined
afterEach(() => server?.close())

async function modelBehind(handler: Handler, env: Record<string, string> = {}) {
  server = await serve({ routes: { 'POST /v1/chat/completions': handler }, host: '127.0.0.1', port: 0, log })
  return createModel({
    OPENAI_API_BASE: `http://127.0.0.1:${server.port}/v1/`,
    OPENAI_API_KEY: 'key',
    OPENAI_MODEL_NAME: 'm',
    LLM_ATTEMPTS: '2',
    ...env,
  })
}

const completion = (content: string) => ({ choices: [{ message: { role: 'assistant', content } }] })

describe('model', () => {
  test('asks for the shape of the task and answers what is in it', async () => {
    let seen: Record<string, any> = {}
    const ask = await modelBehind(async (request, response) => {
      seen = { headers: request.headers, body: await readJsonObject(request) }
      sendJson(response, 200, completion('{"title":"T"}'))
    })
    expect(await ask(task, { input_data: { a: 1 } }, 30)).toEqual({ title: 'T' })
    expect(seen.headers).toMatchObject({ authorization: 'Bearer key', 'x-task-ms': '30' })
    expect(seen.body).toMatchObject({
      model: 'm',
      response_format: { json_schema: { name: 'job_description', schema: task.schema } },
    })
    expect(seen.body.messages.at(-1)).toEqual({ role: 'user', content: '{"input_data":{"a":1}}' })
  })

  test('tries again after a failure that passes', async () => {
    let asked = 0
    const ask = await modelBehind((_request, response) => {
      if (++asked === 1) throw new HttpError(503, 'overloaded', 'busy')
      sendJson(response, 200, completion('{}'))
    })
    expect(await ask(task, {}, undefined)).toEqual({})
    expect(asked).toBe(2)
  })

  test('does not try again after one that stays', async () => {
    let asked = 0
    const ask = await modelBehind(() => {
      asked++
      throw new HttpError(401, 'invalid_api_key', 'no')
    })
    await expect(ask(task, {}, undefined)).rejects.toThrow('the model answered 401')
    expect(asked).toBe(1)
  })

  test.each([completion('no json'), { choices: [] }])('refuses an answer of another shape', async (body) => {
    const ask = await modelBehind((_request, response) => sendJson(response, 200, body))
    await expect(ask(task, {}, undefined)).rejects.toThrow('no answer of the asked shape')
  })

  test('says why the model cannot be reached', async () => {
    const ask = createModel({ OPENAI_API_BASE: 'http://127.0.0.1:1/v1', LLM_ATTEMPTS: '1' })
    await expect(ask(task, {}, undefined)).rejects.toThrow(/cannot be reached: .*ECONNREFUSED/)
  })
})
