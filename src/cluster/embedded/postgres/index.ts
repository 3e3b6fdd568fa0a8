/** The environment's real Postgres, outside the cluster. */
export { type PostgresOptions, type RunningPostgres, startPostgres } from './start.ts'
