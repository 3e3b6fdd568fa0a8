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

/** `:LINE` where Postgres tells the place of the error (a character counted from 1), else nothing. */
export function lineOf(thrown: unknown, sql: string): string {
  const position = Number((thrown as { position?: string }).position)
  return position > 0 ? `:${sql.slice(0, position - 1).split('\n').length}` : ''
}

/** Runs every .sql file of the folder in the order of their names; each may run again. */
export async function applySchema(access: PostgresAccess, folder: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ ...access, connectionTimeoutMillis: 5000 })
  await client.connect()
  try {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
    for (const file of files) {
      const path = join(folder, file)
      const sql = await readFile(path, 'utf8')
      try {
        await client.query(sql)
      } catch (thrown) {
        throw new DevenvError('STEP_FAILED', `${path}${lineOf(thrown, sql)}: ${messageOf(thrown)}`, {
          cause: thrown,
          fix: 'Mend that file, then npm run up.',
        })
      }
    }
  } finally {
    await client.end()
  }
}
