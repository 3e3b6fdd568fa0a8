/** Telling a running server its new password, without ending the connections that it has. */
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { DevenvError, messageOf } from '../lib/errors.ts'
import type { BrokerAccess } from '../lib/rabbitmq.ts'

const TIMEOUT_MS = 10_000

/** The management API as one user. */
export type BrokerUser = Pick<BrokerAccess, 'management' | 'username' | 'password'>

/**
 * Changes the broker user's password through the management API and makes sure that the new one is taken and the
 * old one refused: as long as a server takes the old one, KEDA goes on with it and nobody sees that it is stale.
 */
export async function changeBrokerPassword(access: BrokerUser, next: string): Promise<void> {
  const path = `/api/users/${encodeURIComponent(access.username)}`
  const { tags } = JSON.parse(await ask(access, 'GET', path)) as { tags: string | string[] }
  const body = { password: next, tags: Array.isArray(tags) ? tags.join(',') : tags }
  await ask(access, 'PUT', path, body)
  await ask({ ...access, password: next }, 'GET', '/api/whoami')
  const refused = await ask(access, 'GET', '/api/whoami').catch(() => 'refused')
  if (refused !== 'refused')
    throw new DevenvError('STEP_FAILED', 'RabbitMQ still takes the old password after the change')
}

/** Throws STEP_FAILED when the broker does not take these credentials. */
export async function checkBrokerPassword(access: BrokerUser): Promise<void> {
  await ask(access, 'GET', '/api/whoami')
}

function ask(
  { management, username, password }: BrokerUser,
  method: string,
  path: string,
  body?: object,
): Promise<string> {
  const payload = body && JSON.stringify(body)
  const headers = payload ? { 'content-type': 'application/json' } : {}
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown) =>
      reject(
        new DevenvError('STEP_FAILED', `RabbitMQ's management API, ${method} ${path}: ${why}`, { cause }),
      )
    const options = { method, auth: `${username}:${password}`, headers, timeout: TIMEOUT_MS }
    const outgoing = request(`${management}${path}`, options, (response) => {
      text(response).then((answer) => {
        const code = response.statusCode ?? 0
        if (code < 300) resolve(answer)
        else fail(`it answered ${code}`)
      }, fail)
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 10 s')))
    outgoing.on('error', (error) => fail(messageOf(error), error))
    outgoing.end(payload)
  })
}

export interface PostgresAccess {
  host: string
  port: number
  user: string
  password: string
  database: string
}

/** Changes the role's own password, and makes sure that the new one is taken. */
export async function changePostgresPassword(access: PostgresAccess, next: string): Promise<void> {
  await withPostgres(access, async (client) => {
    // ALTER ROLE takes no parameters: the server quotes them into the statement itself.
    const { rows } = await client.query<{ statement: string }>(
      "select format('alter role %I password %L', current_user, $1::text) as statement",
      [next],
    )
    await client.query(rows[0]!.statement)
  })
  await withPostgres({ ...access, password: next }, async () => undefined)
}

/** Throws STEP_FAILED when Postgres does not take these credentials. */
export async function checkPostgresPassword(access: PostgresAccess): Promise<void> {
  await withPostgres(access, async () => undefined)
}

async function withPostgres(
  access: PostgresAccess,
  use: (client: import('pg').Client) => Promise<void>,
): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ ...access, connectionTimeoutMillis: TIMEOUT_MS })
  try {
    await client.connect()
    await use(client)
  } catch (thrown) {
    throw new DevenvError('STEP_FAILED', `Postgres as ${access.user}: ${messageOf(thrown)}`, {
      cause: thrown,
    })
  } finally {
    await client.end().catch(() => undefined)
  }
}
