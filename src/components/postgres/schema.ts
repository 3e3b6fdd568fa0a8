/** Runs the SQL seeds against the environment's Postgres. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DevenvError, messageOf } from '../../lib/errors.ts'

export interface PostgresAccess {
  host: string
  port: number
  user: string
  password: string
  database: string
}

/** Runs every .sql file of the folder in the order of their names; each may run again. */
export async function applySchema(access: PostgresAccess, folder: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ ...access, connectionTimeoutMillis: 5000 })
  await client.connect()
  try {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
    for (const file of files) {
      try {
        await client.query(await readFile(join(folder, file), 'utf8'))
      } catch (thrown) {
        throw new DevenvError('STEP_FAILED', `${file}: ${messageOf(thrown)}`, { cause: thrown })
      }
    }
  } finally {
    await client.end()
  }
}
