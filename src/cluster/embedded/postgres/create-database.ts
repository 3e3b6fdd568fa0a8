/** The environment's database, beside the ones that initdb makes. */

export interface DatabaseAccess {
  host: string
  port: number
  user: string
  password: string
  database: string
}

/** Creates the database; one that exists is left alone. */
export async function createDatabase(access: DatabaseAccess): Promise<void> {
  const { host, port, user, password, database } = access
  const { default: pg } = await import('pg')
  const client = new pg.Client({ host, port, user, password, database: 'postgres' })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  } catch (thrown) {
    const isThere = (thrown as { code?: string }).code === '42P04'
    if (!isThere) throw thrown
  } finally {
    await client.end()
  }
}
