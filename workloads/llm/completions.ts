/** POST /v1/chat/completions as OpenAI's API has it, for what the stack uses of it. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Env } from '../shared/env.ts'
import { numberFrom } from '../shared/env.ts'
import { HttpError, readJsonObject, sendJson } from '../shared/http-server.ts'
import { answerTo, proseTo } from './answer.ts'

export interface Settings {
  latencyMs: number
  /** Share by which the latency varies up and down, 0 to 1. */
  jitter: number
  /** Share of requests that fail, 0 to 1. */
  errorRate: number
  /** From 0 up to 1. */
  random(): number
  sleep(ms: number): Promise<void>
}

/** LLM_LATENCY_MS (2000), LLM_JITTER (0) and LLM_ERROR_RATE (0). */
export function settingsFrom(env: Env): Settings {
  return {
    latencyMs: numberFrom(env, 'LLM_LATENCY_MS', 2000),
    jitter: Math.min(1, numberFrom(env, 'LLM_JITTER', 0)),
    errorRate: Math.min(1, numberFrom(env, 'LLM_ERROR_RATE', 0)),
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  }
}

interface Message {
  role: string
  content: string
}

/** Answers after the request's x-task-ms, exactly, or after the latency of the settings with its jitter. */
export async function complete(request: IncomingMessage, response: ServerResponse, settings: Settings) {
  requireKey(request)
  const body = await readJsonObject(request)
  const messages = messagesOf(body)
  const prompt = messages.at(-1)?.content ?? ''
  await settings.sleep(latencyOf(request, settings))
  if (settings.random() < settings.errorRate) {
    throw new HttpError(503, 'overloaded', 'the model is overloaded (LLM_ERROR_RATE)')
  }
  const schema = (body.response_format as { json_schema?: { schema?: unknown } } | undefined)?.json_schema
    ?.schema
  const content = schema === undefined ? proseTo(prompt) : JSON.stringify(answerTo(schema, prompt))
  const head = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: typeof body.model === 'string' ? body.model : 'stand-in',
  }
  if (body.stream === true) return stream(response, head, content)
  const promptTokens = tokens(messages.map((message) => message.content).join(' '))
  sendJson(response, 200, {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: tokens(content),
      total_tokens: promptTokens + tokens(content),
    },
  })
}

function requireKey(request: IncomingMessage) {
  if (/^Bearer \S+$/.test(request.headers.authorization ?? '')) return
  throw new HttpError(401, 'invalid_api_key', 'no API key: send Authorization: Bearer KEY, any key will do')
}

function messagesOf(body: Record<string, unknown>): Message[] {
  const messages = body.messages
  const fit =
    Array.isArray(messages) &&
    messages.length > 0 &&
    messages.every((message) => typeof message?.role === 'string' && typeof message?.content === 'string')
  if (!fit) throw new HttpError(400, 'invalid_request_error', 'messages must be a list of {role, content}')
  return messages as Message[]
}

function latencyOf(request: IncomingMessage, settings: Settings): number {
  const asked = Number(request.headers['x-task-ms'] || Number.NaN)
  if (Number.isFinite(asked) && asked >= 0) return asked
  return settings.latencyMs * (1 + settings.jitter * (2 * settings.random() - 1))
}

// English and Russian alike come to about four bytes a token; nobody is billed by it.
function tokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4)
}

function stream(response: ServerResponse, head: object, content: string) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const send = (delta: object, finish: string | null) => {
    const chunk = {
      ...head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: finish }],
    }
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  }
  send({ role: 'assistant', content: '' }, null)
  for (const word of content.match(/\S+\s*/g) ?? []) send({ content: word }, null)
  send({}, 'stop')
  response.end('data: [DONE]\n\n')
}
