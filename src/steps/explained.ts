/** A step's failure with what its reader needs next: what to do, and where the log is. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type DevenvError, retold } from '../lib/errors.ts'

// The first that exists: the embedded cluster's own log, else what each step waited for.
const LOGS = ['supervisor.log', 'timings.json']

/** The same error; fix and log are filled in where it has none. */
export function explained(error: DevenvError, stateDir: string): DevenvError {
  if (error.code === 'INTERRUPTED') return error
  const log = error.log ?? LOGS.map((name) => join(stateDir, name)).find((path) => existsSync(path))
  return retold(error, {
    fix:
      error.fix ??
      'npm run status says what is missing; mend it and npm run up resumes, npm run down removes everything.',
    log,
  })
}
