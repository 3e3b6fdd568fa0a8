/** Whether the addresses that people open work behind their port: a pod may be Ready and yet answer with errors. */
import http from 'node:http'
import type { Endpoints } from '../lib/record.ts'
import type { FrontDoorStatus } from './status.ts'

const TIMEOUT_MS = 3_000
const MAX_BODY_BYTES = 4_096

/**
 * What is asked of each. `/ready` is core-api's own word on its broker and database; a core-api without it answers
 * 404, which tells as much as its `/health` would.
 */
const DOORS: { name: string; key: 'coreApi' | 'frontend'; path: string }[] = [
  { name: 'core-api', key: 'coreApi', path: '/ready' },
  { name: 'frontend', key: 'frontend', path: '/_stcore/health' },
]

/** Asks every front door whose address is known. Never throws. */
export function frontDoors(endpoints: Endpoints, signal?: AbortSignal): Promise<FrontDoorStatus[]> {
  return Promise.all(
    DOORS.flatMap(({ name, key, path }) => {
      const endpoint = endpoints[key]
      return endpoint ? [ask(endpoint, path, signal).then((why) => status(name, endpoint, why))] : []
    }),
  )
}

function status(name: string, endpoint: string, why: string | undefined): FrontDoorStatus {
  return { name, endpoint, ok: why === undefined, message: why ?? 'answers' }
}

/** What is wrong, or undefined. A pod that ends may cut a connection that came to it last: then the next one is asked. */
async function ask(
  endpoint: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const first = await askOnce(endpoint, path, signal)
  return (first?.wasCut ? await askOnce(endpoint, path, signal) : first)?.why
}

function askOnce(
  endpoint: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ why: string; wasCut?: boolean } | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, agent: false, ...(signal ? { signal } : {}) }
    const request = http.get(new URL(path, endpoint), options, (response) => {
      const code = response.statusCode ?? 0
      if (code < 500) {
        response.resume()
        resolve(undefined)
        return
      }
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        if (body.length < MAX_BODY_BYTES) body += chunk
      })
      response.on('close', () => resolve({ why: badAnswer(path, code, body) }))
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ why: `does not answer: ${error.message}`, wasCut: error.code === 'ECONNRESET' }),
    )
  })
}

/** `answers 503 at /ready: database not connected`, from the fields of a JSON body that are false. */
export function badAnswer(path: string, code: number, body: string): string {
  const missing = falseFields(body)
  const why = missing.length > 0 ? `: ${missing.join(' and ')} not connected` : ''
  return `answers ${code} at ${path}${why}`
}

function falseFields(body: string): string[] {
  try {
    return Object.entries(JSON.parse(body) as object).flatMap(([name, value]) =>
      value === false ? [name] : [],
    )
  } catch {
    return []
  }
}
