/** The table generation_results: one row for each request that went to a worker. */
import type { Pool } from 'pg'
import type { Env } from '../shared/env.ts'
import { numberFrom, textFrom } from '../shared/env.ts'
import type { Log } from '../shared/log.ts'
import { reasonOf } from '../shared/log.ts'

export interface Result {
  userId: number | undefined
  requestType: string
  requestPayload: unknown
  responsePayload: unknown
  status: 'success' | 'error' | 'timeout'
  errorMessage: string | undefined
  latencyMs: number
}

export interface Results {
  /** Whether the database answered when last asked. */
  ready(): boolean
  /** Stores a row; answers its id. */
  save(result: Result): Promise<number>
  close(): Promise<void>
}

const FIRST_DELAY_MS = 200
// A pod is not ready before the database is: its start must not wait for long pauses.
const LONGEST_DELAY_MS = 1_000

// A user that does not exist must not cost the row of an answer that does.
const INSERT = `
  insert into generation_results
    (user_id, request_type, request_payload, response_payload, status, error_message, latency_ms)
  values ((select id from users where id = $1), $2, $3, $4, $5, $6, $7)
  returning id`

/** Opens the database, trying until it answers; returns at once. */
export async function openResults(env: Env, log: Log): Promise<Results> {
  const { default: pg } = await import('pg')
  const pool: Pool = new pg.Pool({
    host: textFrom(env, 'POSTGRES_HOST', 'localhost'),
    port: numberFrom(env, 'POSTGRES_PORT', 5432, 1),
    database: textFrom(env, 'POSTGRES_DB', 'hr_assist'),
    user: textFrom(env, 'POSTGRES_USER', 'postgres'),
    password: env.POSTGRES_PASSWORD ?? '',
    max: 4,
    connectionTimeoutMillis: 3_000,
    application_name: 'core-api',
  })
  // An idle connection that breaks is replaced with the next query.
  pool.on('error', (error) => log.warn('database connection lost', { reason: reasonOf(error) }))
  const closing = new AbortController()
  let ready = false
  const awaitDatabase = async () => {
    ready = await untilAnswers(pool, log, closing.signal)
  }
  void awaitDatabase()

  return {
    ready: () => ready,
    async save(result) {
      try {
        const { rows } = await pool.query<{ id: string }>(INSERT, valuesOf(result))
        return Number(rows[0]?.id)
      } catch (thrown) {
        if (ready) {
          ready = false
          void awaitDatabase()
        }
        throw thrown
      }
    },
    async close() {
      closing.abort()
      await pool.end()
    },
  }
}

function valuesOf(result: Result): unknown[] {
  return [
    result.userId ?? null,
    result.requestType,
    JSON.stringify(result.requestPayload),
    result.responsePayload === undefined ? null : JSON.stringify(result.responsePayload),
    result.status,
    result.errorMessage ?? null,
    result.latencyMs,
  ]
}

async function untilAnswers(pool: Pool, log: Log, signal: AbortSignal): Promise<boolean> {
  let delayMs = FIRST_DELAY_MS
  while (!signal.aborted) {
    try {
      await pool.query('select 1 from generation_results limit 1')
      log.info('database connected')
      return true
    } catch (thrown) {
      log[delayMs === FIRST_DELAY_MS ? 'warn' : 'debug']('waiting for the database', {
        reason: reasonOf(thrown),
      })
    }
    await pause(delayMs, signal)
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
  }
  return false
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
