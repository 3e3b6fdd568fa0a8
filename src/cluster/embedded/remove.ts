/** Takes an embedded environment away: supervisor, pods, broker, Postgres, sockets, folder. */
import { rm } from 'node:fs/promises'
import { messageOf } from '../../lib/errors.ts'
import { killMarked } from '../end-processes.ts'
import type { Leftover } from '../leftover.ts'
import { askControl, controlSocket } from './control.ts'

const STOP_TIMEOUT_MS = 20_000

/**
 * Asks the supervisor to end everything; whatever still carries the environment's mark afterwards (the
 * supervisor was killed, say) is killed. Safe to call when nothing is there.
 */
export async function removeEnvironment(
  name: string,
  stateDir: string,
  progress: (what: string) => void,
): Promise<Leftover[]> {
  progress('pods, broker and database to stop')
  await askControl(controlSocket(stateDir), { verb: 'stop', discard: true }, STOP_TIMEOUT_MS)
  const survivors = await killMarked(name, stateDir)
  progress('the state folder to go')
  const leftovers: Leftover[] = survivors.map((pid) => ({
    kind: 'process',
    what: String(pid),
    why: 'it did not end on SIGKILL, or belongs to another user',
  }))
  try {
    await rm(stateDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    await rm(`${stateDir}.lock`, { recursive: true, force: true })
  } catch (thrown) {
    leftovers.push({ kind: 'folder', what: stateDir, why: messageOf(thrown) })
  }
  return leftovers
}
