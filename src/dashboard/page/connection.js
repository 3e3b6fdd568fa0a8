/** Speaks to the server: the token goes in a header, never in an address that somebody may log. */
import { connection, notice, take } from './state.js'

const KEY = 'devenv-dashboard-token'
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 10_000
const NOTICE_MS = 8_000

/** Moves the token from the address to this tab's memory, so that it is in no history and on no screenshot. */
export function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (!token) return
  sessionStorage.setItem(KEY, token)
  history.replaceState(null, '', location.pathname)
}

/** @param {string} path @param {RequestInit} [init] */
function send(path, init = {}) {
  const authorization = `Bearer ${sessionStorage.getItem(KEY) ?? ''}`
  return fetch(path, { ...init, headers: { ...init.headers, authorization }, cache: 'no-store' })
}

/** Follows the stream for as long as the page is open. */
export async function connect() {
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
    try {
      await events('/api/stream', (event, data) => {
        connection.value = 'live'
        retryMs = FIRST_RETRY_MS
        take(event, data)
      })
    } catch (thrown) {
      if (thrown instanceof Refused) {
        connection.value = 'refused'
        return
      }
    }
    connection.value = 'lost'
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

class Refused extends Error {}

/**
 * Reads server-sent events until the stream ends; EventSource cannot send a header.
 * @param {string} path
 * @param {(event: string, data: any) => void} take
 * @param {AbortSignal} [signal]
 */
export async function events(path, take, signal) {
  const response = await send(path, signal ? { signal } : {})
  if (response.status === 401 || response.status === 403) throw new Refused()
  if (!response.ok || !response.body) throw new Error(await failureOf(response))
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const frames = (rest + value).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/s.exec(frame) ?? []
      if (event !== undefined && data !== undefined) take(event, JSON.parse(data))
    }
  }
}

/** An answer's object; throws its sentence when the server refuses. @param {string} path */
export async function ask(path) {
  const response = await send(path)
  if (!response.ok) throw new Error(await failureOf(response))
  return await response.json()
}

/**
 * Asks for a change and tells how it went.
 * @param {'POST' | 'DELETE'} method
 * @param {string} path
 * @param {object | undefined} body
 * @param {string} done
 */
export async function act(method, path, body, done) {
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await send(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    if (!response.ok) throw new Error(await failureOf(response))
    tell(done, false)
  } catch (thrown) {
    tell(thrown instanceof Error ? thrown.message : String(thrown), true)
  }
}

/** A failure stays until the next notice; what went well is gone after a while. @param {string} text @param {boolean} bad */
function tell(text, bad) {
  const told = { text, bad }
  notice.value = told
  if (bad) return
  setTimeout(() => {
    if (notice.value === told) notice.value = undefined
  }, NOTICE_MS)
}

/** @param {Response} response */
async function failureOf(response) {
  const body = await response.json().catch(() => undefined)
  const fix = body?.fix ? ` ${body.fix}` : ''
  return `${body?.message ?? `the server answered ${response.status}`}${fix}`
}
