/** Asks a model over the OpenAI API for an answer of a given shape. */
import type { Env } from '../shared/env.ts'
import { numberFrom, textFrom } from '../shared/env.ts'
import { post } from '../shared/http-client.ts'
import { reasonOf } from '../shared/log.ts'
import type { Task } from './tasks.ts'

/** Answers the data of one task. `taskMs` asks our stand-in to take that long; real models ignore it. */
export type Ask = (
  task: Task,
  request: Record<string, unknown>,
  taskMs: number | undefined,
) => Promise<unknown>

const FIRST_DELAY_MS = 250

/** A model that answers at all may be busy or restarting: these are worth another try. */
const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504])

/** The model at OPENAI_API_BASE; gives up after LLM_ATTEMPTS tries (5), each LLM_TIMEOUT_MS (60000) at most. */
export function createModel(env: Env): Ask {
  const url = `${textFrom(env, 'OPENAI_API_BASE', 'https://api.openai.com/v1').replace(/\/+$/, '')}/chat/completions`
  const model = textFrom(env, 'OPENAI_MODEL_NAME', 'gpt-4o-mini')
  const attempts = numberFrom(env, 'LLM_ATTEMPTS', 5, 1)
  const timeoutMs = numberFrom(env, 'LLM_TIMEOUT_MS', 60_000, 1)

  return async (task, request, taskMs) => {
    const body = JSON.stringify({
      model,
      messages: [
        { role: 'system', content: task.instruction },
        { role: 'user', content: JSON.stringify(request) },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: { name: task.name, strict: true, schema: task.schema },
      },
    })
    const headers: Record<string, string> = { authorization: `Bearer ${env.OPENAI_API_KEY ?? ''}` }
    if (taskMs !== undefined) headers['x-task-ms'] = String(taskMs)
    return parseCompletion(await postPatiently(url, body, headers, timeoutMs, attempts))
  }
}

async function postPatiently(
  url: string,
  body: string,
  headers: Record<string, string>,
  timeoutMs: number,
  attempts: number,
): Promise<Buffer> {
  let failure: Error = new Error('the model was not asked')
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, FIRST_DELAY_MS * 2 ** (attempt - 1)))
    try {
      const answer = await post(url, body, { headers, timeoutMs })
      if (answer.status === 200) return answer.body
      failure = new Error(`the model answered ${answer.status}`)
      if (!PASSING_STATUS.has(answer.status)) break
    } catch (thrown) {
      failure = new Error(`the model cannot be reached: ${reasonOf(thrown)}`, { cause: thrown })
    }
  }
  throw failure
}

function parseCompletion(body: Buffer): unknown {
  try {
    const completion = JSON.parse(body.toString('utf8'))
    return JSON.parse(completion.choices[0].message.content)
  } catch (thrown) {
    throw new Error('the model gave no answer of the asked shape', { cause: thrown })
  }
}
