/** Takes an embedded environment away: supervisor, pods, broker, Postgres, sockets, folder. */
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { processesOf } from '../../lib/daemon.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Leftover } from '../leftover.ts'
import { askControl, controlSocket } from './control.ts'

const STOP_TIMEOUT_MS = 20_000
const KILL_WAIT_MS = 3000

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
  const survivors = await killMarked(name)
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

async function killMarked(name: string): Promise<number[]> {
  const deadline = Date.now() + KILL_WAIT_MS
  for (;;) {
    const alive = processesOf(name)
    if (alive.length === 0 || Date.now() > deadline) return alive
    for (const pid of alive) kill(pid)
    await sleep(20)
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already, or not ours: the next look tells.
  }
}
