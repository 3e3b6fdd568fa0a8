/** The environment's real Postgres, outside the cluster. */
export { startPostgres } from './start.ts'
