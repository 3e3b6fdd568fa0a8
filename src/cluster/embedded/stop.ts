/** Ends an embedded environment and keeps what it holds: objects, queues with messages, rows, Vault. */
import { join } from 'node:path'
import { processesOf } from '../../lib/daemon.ts'
import { DevenvError } from '../../lib/errors.ts'
import { endedByThemselves, killMarked } from '../end-processes.ts'
import { askControl, controlSocket } from './control.ts'

/** Pods get 8 s, the broker's and Postgres' clean ends are within them. */
const STOP_TIMEOUT_MS = 60_000
const LAST_PROCESS_MS = 2000

/**
 * Resolves when no process of the environment is left; false when there was none to begin with. After a
 * supervisor that was killed only its orphans are to end: its state is on disk as of each change.
 * Throws STEP_FAILED when something could not be saved or would not end.
 */
export async function stopEnvironment(
  name: string,
  stateDir: string,
  progress: (what: string) => void,
): Promise<boolean> {
  if (processesOf(name, stateDir).length === 0 && !(await answers(stateDir))) return false
  progress('pods, broker and database to end')
  const answer = await askControl(controlSocket(stateDir), { verb: 'stop', discard: false }, STOP_TIMEOUT_MS)
  await endedByThemselves(name, stateDir, answer ? LAST_PROCESS_MS : 0)
  const survivors = await killMarked(name, stateDir)
  const log = join(stateDir, 'supervisor.log')
  if (answer?.ok === false)
    throw new DevenvError('STEP_FAILED', `not everything ended well: ${answer.message}`, { log })
  if (survivors.length > 0)
    throw new DevenvError('STEP_FAILED', `these processes do not end: ${survivors.join(', ')}`, { log })
  return true
}

/** For systems without /proc, where processes are not found by their mark. */
async function answers(stateDir: string): Promise<boolean> {
  return (await askControl(controlSocket(stateDir), { verb: 'info' }, LAST_PROCESS_MS)) !== undefined
}
