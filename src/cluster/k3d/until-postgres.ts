/** Postgres beside the cluster, until it takes connections. */
import { waitFor } from '../../lib/wait.ts'
import type { Waits } from '../provider.ts'

export async function untilPostgres(access: Record<string, string | number>, waits: Waits): Promise<void> {
  const { default: pg } = await import('pg')
  await waitFor(
    'Postgres',
    async () => {
      const client = new pg.Client({ ...access, connectionTimeoutMillis: 2000 })
      try {
        await client.connect()
        return { done: true }
      } finally {
        await client.end().catch(() => undefined)
      }
    },
    {
      signal: waits.signal,
      onWaiting: (state) => waits.waiting(`Postgres: ${state.waiting}`),
    },
  )
}
